# The two colors.

resource "aws_ecs_cluster" "owned" {
  #checkov:skip=CKV_AWS_65: Container Insights has a price by the metric, and deploys do not read it. Turn it on for the account where you want it.
  count = var.cluster == "" ? 1 : 0

  name = var.service
}

resource "aws_ecs_cluster_capacity_providers" "owned" {
  count = var.cluster == "" ? 1 : 0

  cluster_name       = aws_ecs_cluster.owned[0].name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

resource "aws_service_discovery_service" "color" {
  for_each = local.discovered

  name = "${var.service}-${each.key}"

  dns_config {
    namespace_id   = var.namespace_id
    routing_policy = "MULTIVALUE"

    dns_records {
      type = "A"
      ttl  = 10
    }
  }

  health_check_custom_config {
    # Deprecated, but the provider leaves a block without it out.
    failure_threshold = 1
  }
}

# ECS's own strategies, CodeDeploy and Service Connect would move traffic past the weights.
resource "aws_ecs_service" "color" {
  #checkov:skip=CKV_AWS_333: Public addresses are for a VPC without NAT. The default is none, and the security group lets in the load balancer only.
  for_each = local.colors

  name                = "${var.service}-${each.key}"
  cluster             = local.cluster
  scheduling_strategy = "REPLICA"
  # Both of the beginning only, see below: the newest revision of the family, and one task.
  task_definition = aws_ecs_task_definition.first.family
  desired_count   = 1

  deployment_controller {
    type = "ECS"
  }

  deployment_configuration {
    strategy = "ROLLING"
  }

  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  capacity_provider_strategy {
    capacity_provider = var.capacity_provider
    base              = 0
    weight            = 1
  }

  health_check_grace_period_seconds = 60

  load_balancer {
    target_group_arn = aws_lb_target_group.color[each.key].arn
    container_name   = var.container_name
    container_port   = var.container_port
  }

  network_configuration {
    subnets          = var.task_subnets
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = var.public_tasks
  }

  dynamic "service_registries" {
    for_each = var.namespace_id == "" ? [] : [aws_service_discovery_service.color[each.key].arn]

    content {
      registry_arn = service_registries.value
    }
  }

  enable_ecs_managed_tags = true
  propagate_tags          = "SERVICE"

  # ECS takes a target group only when a listener names it; and its tasks need their log, their image and somebody who may reach them.
  depends_on = [
    aws_lb_listener_rule.production,
    aws_vpc_security_group_egress_rule.to_tasks,
    aws_vpc_security_group_ingress_rule.from_load_balancer,
    aws_vpc_security_group_egress_rule.out,
    aws_iam_role_policy.execution,
    aws_ecs_cluster_capacity_providers.owned,
  ]

  lifecycle {
    # Deploys own what runs and how many of it, auto scaling the count between deploys.
    ignore_changes = [task_definition, desired_count]
  }
}
