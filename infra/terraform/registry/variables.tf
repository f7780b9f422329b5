variable "repository" {
  type        = string
  description = "Name of the repository."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]+([._/-][a-z0-9]+)*$", var.repository))
    error_message = "repository: lower-case letters and digits, with single dots, hyphens, underscores and slashes between them."
  }

  validation {
    condition     = length(var.repository) >= 2 && length(var.repository) <= 200
    error_message = "repository has 2 to 200 characters."
  }
}

variable "keep_images" {
  type        = number
  description = "Images that are kept, newest first. A rollback needs the image it goes back to, so keep more than you would ever go back."
  default     = 100
  nullable    = false

  validation {
    condition     = var.keep_images >= 10 && var.keep_images <= 5000
    error_message = "keep_images is from 10 to 5000."
  }
}

variable "branch" {
  type        = string
  description = "Branch whose name is a tag of its newest image, as examples/build.yml pushes it. No deploy uses such a tag."
  default     = "main"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]{1,128}$", var.branch))
    error_message = "branch matches ^[A-Za-z0-9._-]{1,128}$."
  }
}
