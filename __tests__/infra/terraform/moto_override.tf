# What moto lacks: CloudWatch's newest protocol, and capacity providers in what it says of services.

locals {
  alarm_names = "none"
}

resource "aws_cloudwatch_metric_alarm" "watched" {
  for_each = {}
}

resource "aws_cloudwatch_metric_alarm" "unhealthy" {
  for_each = toset([])
}

resource "aws_ecs_service" "color" {
  dynamic "capacity_provider_strategy" {
    for_each = []

    content {
      capacity_provider = ""
    }
  }
}
