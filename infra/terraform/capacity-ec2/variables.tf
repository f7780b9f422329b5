variable "cluster" {
  type        = string
  description = "Name of the cluster, for the variable of the same name in ../app. Its capacity provider is called the same."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,54}$", var.cluster))
    error_message = "cluster: lower-case letters, digits and hyphens, a letter first, at most 55. It must not begin with aws, ecs or fargate."
  }
}

variable "vpc_id" {
  type        = string
  description = "The VPC, such as the one of ../network."
  nullable    = false

  validation {
    condition     = can(regex("^vpc-[a-f0-9]+$", var.vpc_id))
    error_message = "vpc_id is the id of a VPC."
  }
}

variable "task_subnets" {
  type        = list(string)
  description = "Subnets of the instances and the tasks. They need a NAT gateway, because tasks on EC2 get no public address."
  nullable    = false

  validation {
    condition     = alltrue([for id in var.task_subnets : can(regex("^subnet-[a-f0-9]+$", id))])
    error_message = "task_subnets are ids of subnets."
  }
}

variable "instance_type" {
  type        = string
  description = "Type of the instances. Each task takes a network interface of its own, and small types have few."
  default     = "m6i.large"
  nullable    = false

  validation {
    condition     = contains(["t3.large", "m6i.large", "m6i.xlarge", "c6i.large", "c6i.xlarge", "m7g.large", "c7g.large"], var.instance_type)
    error_message = "instance_type is one of t3.large, m6i.large, m6i.xlarge, c6i.large, c6i.xlarge, m7g.large, c7g.large."
  }
}

variable "architecture" {
  type        = string
  description = "Processor of that type, ARM64 for those with a g, such as m7g."
  default     = "X86_64"
  nullable    = false

  validation {
    condition     = contains(["X86_64", "ARM64"], var.architecture)
    error_message = "architecture is one of X86_64, ARM64."
  }

  validation {
    condition     = (var.architecture == "ARM64") == contains(["m7g.large", "c7g.large"], var.instance_type)
    error_message = "architecture is not the processor of instance_type, so no task would find a place."
  }
}

variable "max_instances" {
  type        = number
  description = "Instances at most. Both colors run side by side in a deploy, so room for twice the tasks."
  default     = 6
  nullable    = false

  validation {
    condition     = var.max_instances >= 2 && var.max_instances <= 100
    error_message = "max_instances is from 2 to 100."
  }
}

variable "machine_image" {
  type        = string
  description = "Where AWS publishes its image for ECS. For ARM64 put arm64/ before recommended."
  default     = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
  nullable    = false
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
