variable "cluster" {
  type        = string
  description = "The output of the same name of ../app."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.cluster))
    error_message = "cluster matches ^[A-Za-z0-9_-]{1,255}$."
  }
}

variable "service" {
  type        = string
  description = "The output of the same name of ../app."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,24}[a-z0-9])?$", var.service))
    error_message = "service matches ^[a-z]([a-z0-9-]{0,24}[a-z0-9])?$."
  }
}

variable "min_tasks" {
  type        = number
  description = "Tasks of a color at least. Two survive the loss of a zone."
  default     = 2
  nullable    = false

  validation {
    condition     = var.min_tasks >= 1 && var.min_tasks <= 1000
    error_message = "min_tasks is from 1 to 1000."
  }
}

variable "max_tasks" {
  type        = number
  description = "Tasks of a color at most."
  default     = 6
  nullable    = false

  validation {
    condition     = var.max_tasks >= 1 && var.max_tasks <= 1000
    error_message = "max_tasks is from 1 to 1000."
  }
}

variable "cpu_percent" {
  type        = number
  description = "Processor load that scaling aims at, averaged over the tasks of a color."
  default     = 60
  nullable    = false

  validation {
    condition     = var.cpu_percent >= 10 && var.cpu_percent <= 90
    error_message = "cpu_percent is from 10 to 90."
  }
}
