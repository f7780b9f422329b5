mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
}

variables {
  name = "shop"
}

run "private" {
  assert {
    condition     = [for zone in ["a", "b"] : aws_subnet.public[zone].availability_zone] == [for zone in ["a", "b"] : aws_subnet.private[zone].availability_zone]
    error_message = "Tasks are in the zones of the load balancer: a target in another one is never used."
  }

  assert {
    condition     = [for subnet in concat(values(aws_subnet.public), values(aws_subnet.private)) : subnet.cidr_block] == ["10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20", "10.0.48.0/20"]
    error_message = "Four ranges that do not meet."
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 2 && output.public_tasks == false && output.task_subnets == [for zone in ["a", "b"] : aws_subnet.private[zone].id]
    error_message = "Tasks are private, with one gateway a zone."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : subnet.map_public_ip_on_launch != true])
    error_message = "No subnet gives addresses to whatever starts in it."
  }
}

run "public" {
  variables {
    private_subnets = false
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_eip.nat) == 0 && output.public_tasks && output.task_subnets == output.load_balancer_subnets
    error_message = "Without private subnets nothing has a price by the hour, and tasks need addresses."
  }
}
