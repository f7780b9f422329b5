variable "name" {
  type        = string
  description = "Name of the network, in the tags of all that belongs to it."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}$", var.name))
    error_message = "name: lower-case letters, digits and hyphens, a letter first, at most 31."
  }
}

variable "cidr" {
  type        = string
  description = "Addresses of the VPC, a /16. Each of its subnets gets a /20, which is room for 4,000 tasks of both colors together."
  default     = "10.0.0.0/16"
  nullable    = false

  validation {
    condition     = can(regex("^(\\d{1,3}\\.){3}\\d{1,3}/16$", var.cidr))
    error_message = "cidr: an IPv4 range of the size /16."
  }
}

variable "private_subnets" {
  type        = bool
  description = "Where the tasks run. true puts them into private subnets behind NAT gateways, one a zone, each with a price by the hour and by the gigabyte. false gives them public addresses, which only their security group protects."
  default     = true
  nullable    = false
}
