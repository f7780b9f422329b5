variable "repository" {
  type        = string
  description = "The repository, as OWNER/NAME, or as GitHub puts it into the tokens of repositories made or renamed since July 2026, OWNER@NUMBER/NAME@NUMBER."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+(@\\d+)?/[A-Za-z0-9._-]+(@\\d+)?$", var.repository))
    error_message = "repository: an owner and a name with a slash between them, and no wildcards."
  }
}

variable "environment" {
  type        = string
  description = "Environment of GitHub whose jobs deploy. Protect it there, with reviewers and with the branches that may use it."
  default     = "production"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]{1,255}$", var.environment))
    error_message = "environment matches ^[A-Za-z0-9._-]{1,255}$."
  }
}

variable "branch" {
  type        = string
  description = "Branch whose workflows build images, roll back, and read."
  default     = "main"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._/-]{1,255}$", var.branch))
    error_message = "branch matches ^[A-Za-z0-9._/-]{1,255}$."
  }
}

variable "service" {
  type        = string
  description = "The variable of the same name of ../app."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,24}[a-z0-9])?$", var.service))
    error_message = "service matches ^[a-z]([a-z0-9-]{0,24}[a-z0-9])?$."
  }
}

variable "cluster" {
  type        = string
  description = "The output of the same name of ../app."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.cluster))
    error_message = "cluster matches ^[A-Za-z0-9_-]{1,255}$."
  }
}

variable "repository_arn" {
  type        = string
  description = "ARN of the ECR repository that builds push to, such as the one of ../registry."
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:ecr:[a-z0-9-]+:\\d{12}:repository/.+$", var.repository_arn))
    error_message = "repository_arn matches ^arn:[a-z-]+:ecr:[a-z0-9-]+:\\d{12}:repository/.+$."
  }
}

variable "provider_arn" {
  type        = string
  description = "ARN of GitHub's identity provider in this account, which can have only one. Empty makes it."
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(arn:[a-z-]+:iam::\\d{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com)?$", var.provider_arn))
    error_message = "provider_arn matches ^(arn:[a-z-]+:iam::\\d{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com)?$."
  }
}

variable "previews" {
  type        = string
  description = "What the names of previews begin with, which is the first ten characters of service, without a hyphen at the end. Empty makes no role for previews."
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z]([a-z0-9-]{0,8}[a-z0-9])?)?$", var.previews))
    error_message = "previews matches ^([a-z]([a-z0-9-]{0,8}[a-z0-9])?)?$."
  }
}

variable "session_seconds" {
  type        = number
  description = "Longest session of a deploy or a rollback. Not shorter than the longest run with its bake time; role-duration-seconds of the workflow asks for it."
  default     = 7200
  nullable    = false

  validation {
    condition     = var.session_seconds >= 3600 && var.session_seconds <= 43200
    error_message = "session_seconds is from 3600 to 43200."
  }
}

variable "boundary" {
  type        = string
  description = "Permissions boundary of the roles, which the roles of examples/infra.yml insist on. Empty is none."
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(arn:[a-z-]+:iam::\\d{12}:policy/.+)?$", var.boundary))
    error_message = "boundary matches ^(arn:[a-z-]+:iam::\\d{12}:policy/.+)?$."
  }
}
