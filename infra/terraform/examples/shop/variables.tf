variable "region" {
  type        = string
  description = "Region of AWS for all of it."
}

variable "service" {
  type        = string
  description = "Base name of the app, and the name of its registry and network."
  default     = "shop"
}

variable "first_tag" {
  type        = string
  description = "Tag of the first image, which both colors start on. It must be in the registry already."
}

variable "repository" {
  type        = string
  description = "Repository on GitHub whose jobs deploy, as OWNER/NAME."
}

variable "provider_arn" {
  type        = string
  description = "ARN of GitHub's identity provider in this account, which can have only one. Empty makes it."
  default     = ""
}

variable "certificate_arn" {
  type        = string
  description = "Certificate of ACM in this Region. Empty is plain HTTP, for a trial."
  default     = ""
}

variable "domain_name" {
  type        = string
  description = "Name that the certificate is for."
  default     = ""
}

variable "hosted_zone_id" {
  type        = string
  description = "Zone of Route 53 that gets a record for that name. Empty makes none."
  default     = ""
}

variable "test_cidrs" {
  type        = list(string)
  description = "Addresses that may use the test listener. Empty makes no test listener."
  default     = []
}
