# The parameters of ../../app.yml, with their rules. "Fixed at creation" is what a deploy builds on: Terraform would replace it, or roll both
# colors past every proof. The plan says so before it happens.

variable "service" {
  type        = string
  description = "Fixed at creation. Base name: the services are NAME-blue and NAME-green."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,24}[a-z0-9])?$", var.service))
    error_message = "service: lower-case letters, digits and hyphens, a letter first, at most 26, because a target group's name has at most 32."
  }
}

variable "cluster" {
  type        = string
  description = "Fixed at creation. Name of an ECS cluster of yours, which must have the capacity_provider; empty makes one with the base name."
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{0,255}$", var.cluster))
    error_message = "cluster matches ^[A-Za-z0-9_-]{0,255}$."
  }
}

variable "vpc_id" {
  type        = string
  description = "Fixed at creation. The VPC, such as the one of ../network."
  nullable    = false

  validation {
    condition     = can(regex("^vpc-[a-f0-9]+$", var.vpc_id))
    error_message = "vpc_id is the id of a VPC."
  }
}

variable "load_balancer_subnets" {
  type        = list(string)
  description = "Subnets of the load balancer, in at least two zones."
  nullable    = false

  validation {
    condition     = alltrue([for id in var.load_balancer_subnets : can(regex("^subnet-[a-f0-9]+$", id))])
    error_message = "load_balancer_subnets are ids of subnets."
  }

  validation {
    condition     = length(var.load_balancer_subnets) >= 2
    error_message = "load_balancer_subnets are at least two, in different zones."
  }
}

variable "scheme" {
  type        = string
  description = "Fixed at creation. Whether the load balancer is reached from the internet, or from inside the VPC only."
  default     = "internet-facing"
  nullable    = false

  validation {
    condition     = contains(["internet-facing", "internal"], var.scheme)
    error_message = "scheme is one of internet-facing, internal."
  }
}

variable "task_subnets" {
  type        = list(string)
  description = "Fixed at creation. Subnets of the tasks, in zones that the load balancer has too."
  nullable    = false

  validation {
    condition     = alltrue([for id in var.task_subnets : can(regex("^subnet-[a-f0-9]+$", id))])
    error_message = "task_subnets are ids of subnets."
  }

  validation {
    condition     = length(var.task_subnets) >= 1
    error_message = "task_subnets are at least one."
  }
}

variable "public_tasks" {
  type        = bool
  description = "Fixed at creation. Whether tasks get public addresses; they need them in public subnets, to reach the registry. Not possible on EC2."
  default     = false
  nullable    = false
}

variable "certificate_arn" {
  type        = string
  description = "Certificate of ACM in this Region. With it production speaks HTTPS, and HTTP only redirects there. Empty is plain HTTP, for a trial; a later update may add it, but not take it away."
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(arn:[a-z-]+:acm:[a-z0-9-]+:\\d{12}:certificate/[a-f0-9-]+)?$", var.certificate_arn))
    error_message = "certificate_arn: the ARN of a certificate of ACM, or nothing."
  }

  validation {
    condition     = var.certificate_arn == "" || var.domain_name != ""
    error_message = "certificate_arn needs domain_name, because no certificate is for the load balancer's own name."
  }
}

variable "domain_name" {
  type        = string
  description = "Name that the certificate is for, used in the URLs. Empty is the load balancer's own name."
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9-]+(\\.[a-z0-9-]+)+)?$", var.domain_name))
    error_message = "domain_name matches ^([a-z0-9-]+(\\.[a-z0-9-]+)+)?$."
  }
}

variable "hosted_zone_id" {
  type        = string
  description = "Zone of Route 53 that gets a record for domain_name. Empty makes none."
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^[A-Z0-9]{0,32}$", var.hosted_zone_id))
    error_message = "hosted_zone_id matches ^[A-Z0-9]{0,32}$."
  }

  validation {
    condition     = var.hosted_zone_id == "" || var.domain_name != ""
    error_message = "hosted_zone_id needs domain_name, the name of the record."
  }
}

variable "test_cidrs" {
  type        = list(string)
  description = "Addresses that may use the test listener, such as 198.51.100.0/24. It shows a version before customers see it. Empty makes no test listener."
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for range in var.test_cidrs : can(regex("^((\\d{1,3}\\.){3}\\d{1,3}/\\d{1,2})$", range)) && can(cidrnetmask(range))])
    error_message = "test_cidrs are IPv4 ranges."
  }
}

variable "test_color" {
  type        = string
  description = "Fixed at creation. Color that a new test listener shows, the one without production's traffic, which is green until the first deploy. Deploys lead it from then on."
  default     = "green"
  nullable    = false

  validation {
    condition     = contains(["green", "blue"], var.test_color)
    error_message = "test_color is one of green, blue."
  }
}

variable "image" {
  type        = string
  description = "First image, which both colors start on. It must be there already. Later ones come from deploys, and a change here deploys nothing."
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s:@]+(:\\d+/[^\\s:@]+)?(:[\\w.-]+)?(@sha256:[a-f0-9]{64})?$", var.image))
    error_message = "image: an image as repository:tag or repository@sha256:digest."
  }
}

variable "repository_arn" {
  type        = string
  description = "ARN of the ECR repository that tasks may pull from, such as the one of ../registry. Empty when the images are public."
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(arn:[a-z-]+:ecr:[a-z0-9-]+:\\d{12}:repository/.+)?$", var.repository_arn))
    error_message = "repository_arn matches ^(arn:[a-z-]+:ecr:[a-z0-9-]+:\\d{12}:repository/.+)?$."
  }
}

variable "container_name" {
  type        = string
  description = "Fixed at creation. Name of the container that gets the requests."
  default     = "app"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.container_name))
    error_message = "container_name matches ^[A-Za-z0-9_-]{1,255}$."
  }
}

variable "container_port" {
  type        = number
  description = "Fixed at creation. Port on which the container serves HTTP."
  default     = 8080
  nullable    = false

  validation {
    condition     = var.container_port >= 1 && var.container_port <= 65535
    error_message = "container_port is from 1 to 65535."
  }
}

variable "health_check_path" {
  type        = string
  description = "Path that answers 200 when a task can serve. Not behind a log-in, and not dependent on the name in the URL."
  default     = "/health"
  nullable    = false

  validation {
    # Terraform's expressions count to 1000 at most.
    condition     = can(regex("^/\\S*$", var.health_check_path)) && length(var.health_check_path) <= 1024
    error_message = "health_check_path begins with a slash, has no spaces, and at most 1024 characters."
  }
}

variable "deregistration_delay" {
  type        = number
  description = "Seconds that requests in flight get when a task is stopped. Not less than the longest of them; every stop takes as long."
  default     = 30
  nullable    = false

  validation {
    condition     = var.deregistration_delay >= 5 && var.deregistration_delay <= 3600
    error_message = "deregistration_delay is from 5 to 3600."
  }
}

variable "probe_path" {
  type        = string
  description = "Path that tells the running version, part of the URLs that deploys ask."
  default     = "/version"
  nullable    = false

  validation {
    condition     = can(regex("^/\\S*$", var.probe_path))
    error_message = "probe_path matches ^/\\S*$."
  }
}

variable "capacity_provider" {
  type        = string
  description = "Fixed at creation. FARGATE, FARGATE_SPOT (cheaper, but AWS may take a task away with two minutes' notice), or the EC2 capacity provider of a cluster of yours (see ../capacity-ec2)."
  default     = "FARGATE"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.capacity_provider))
    error_message = "capacity_provider matches ^[A-Za-z0-9_-]{1,255}$."
  }
}

variable "architecture" {
  type        = string
  description = "Processor that the first image was built for. Fargate Spot has ARM64 too."
  default     = "X86_64"
  nullable    = false

  validation {
    condition     = contains(["X86_64", "ARM64"], var.architecture)
    error_message = "architecture is one of X86_64, ARM64."
  }
}

variable "cpu" {
  type        = number
  description = "CPU units of a task, 1024 for one processor. Of the first revision; later ones come from deploys."
  default     = 256
  nullable    = false

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096], var.cpu)
    error_message = "cpu is one of 256, 512, 1024, 2048, 4096."
  }
}

variable "memory" {
  type        = number
  description = "MiB of memory of a task, in steps that Fargate knows. Of the first revision; later ones come from deploys."
  default     = 512
  nullable    = false

  validation {
    condition     = var.memory >= 512 && var.memory <= 30720
    error_message = "memory is from 512 to 30720."
  }
}

variable "log_days" {
  type        = number
  description = "Days that logs are kept."
  default     = 365
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 400, 731], var.log_days)
    error_message = "log_days is one of 1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 400, 731."
  }
}

variable "namespace_id" {
  type        = string
  description = "Fixed at creation. Private DNS namespace of Cloud Map in which each color gets a name of its own; empty makes none. Callers that use it pass by the weights."
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(ns-[a-z0-9]+)?$", var.namespace_id))
    error_message = "namespace_id matches ^(ns-[a-z0-9]+)?$."
  }
}

variable "errors_per_minute" {
  type        = number
  description = "Answers of 500 and above in one minute that raise an alarm, counted for the app's own and for the load balancer's apart."
  default     = 10
  nullable    = false

  validation {
    condition     = var.errors_per_minute >= 1
    error_message = "errors_per_minute is at least 1."
  }
}

variable "slow_seconds" {
  type        = number
  description = "Seconds that 99 of 100 requests must be faster than; slower for three minutes raises an alarm."
  default     = 2
  nullable    = false

  validation {
    condition     = var.slow_seconds >= 0.001
    error_message = "slow_seconds is at least 0.001."
  }
}

variable "alarm_topic_arn" {
  type        = string
  description = "Topic of SNS that alarms are sent to. Empty sends them nowhere; deploys watch them all the same."
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(arn:[a-z-]+:sns:[a-z0-9-]+:\\d{12}:.+)?$", var.alarm_topic_arn))
    error_message = "alarm_topic_arn matches ^(arn:[a-z-]+:sns:[a-z0-9-]+:\\d{12}:.+)?$."
  }
}

variable "access_log_bucket" {
  type        = string
  description = "Bucket of S3 for the load balancer's access logs, with the policy that they need. Empty keeps none."
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9.-]{3,63})?$", var.access_log_bucket))
    error_message = "access_log_bucket matches ^([a-z0-9.-]{3,63})?$."
  }
}

variable "deletion_protection" {
  type        = bool
  description = "Whether the load balancer refuses to be deleted. Set it to false, and apply, before you destroy."
  default     = true
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
