# What Terraform would ask AWS for, without AWS: the provider is a mock, which makes up ids.

mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }

  mock_resource "aws_lb_target_group" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop/0123456789abcdef" }
  }

  mock_resource "aws_lb" {
    defaults = {
      arn      = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/0123456789abcdef"
      dns_name = "shop-1.eu-central-1.elb.amazonaws.com"
    }
  }

  mock_resource "aws_lb_listener" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/shop/0123456789abcdef/0123456789abcdef" }
  }

  mock_resource "aws_lb_listener_rule" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/shop/0a/0b/0c" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/shop" }
  }

  mock_resource "aws_service_discovery_service" {
    defaults = { arn = "arn:aws:servicediscovery:eu-central-1:123456789012:service/srv-0123456789abcdef" }
  }
}

variables {
  service               = "shop"
  vpc_id                = "vpc-0a1b2c3d4e5f60718"
  load_balancer_subnets = ["subnet-01111111111111111", "subnet-02222222222222222"]
  task_subnets          = ["subnet-01111111111111111", "subnet-02222222222222222"]
  image                 = "sample-app:0.0.1"
}

override_resource {
  target = aws_lb_target_group.color["blue"]
  values = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop-blue/0123456789abcdef" }
}

override_resource {
  target = aws_lb_target_group.color["green"]
  values = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop-green/0123456789abcdef" }
}

run "trial" {
  assert {
    condition = { for group in aws_lb_listener_rule.production.action[0].forward[0].target_group : group.arn => group.weight } == {
      (aws_lb_target_group.color["blue"].arn)  = 100
      (aws_lb_target_group.color["green"].arn) = 0
    }
    error_message = "Production names both target groups, the idle one with weight 0."
  }

  assert {
    condition     = aws_lb_listener_rule.production.action[0].forward[0].stickiness[0].enabled == false && alltrue([for group in aws_lb_target_group.color : group.stickiness[0].enabled == false])
    error_message = "No cookie keeps clients on a color."
  }

  assert {
    condition     = aws_lb_listener.production.port == 80 && aws_lb_listener.production.protocol == "HTTP" && length(aws_lb_listener.redirect) == 0
    error_message = "Without a certificate production is HTTP on port 80."
  }

  assert {
    condition     = length(aws_lb_listener.test) == 0 && length(aws_vpc_security_group_ingress_rule.testers) == 0
    error_message = "Without a range there is no test listener."
  }

  assert {
    condition     = toset(keys(output.action_inputs)) == toset(["cluster", "service", "listener-arns", "alarm-names", "production-url"])
    error_message = "Inputs without a value are left out."
  }

  assert {
    condition     = output.action_inputs.production-url == "http://shop-1.eu-central-1.elb.amazonaws.com/version" && output.action_inputs.cluster == "shop"
    error_message = "The URL has the load balancer's own name."
  }

  assert {
    condition     = output.action_inputs.alarm-names == "shop-target-errors,shop-balancer-errors,shop-latency"
    error_message = "Deploys watch the alarms that a candidate which is refused cannot set off."
  }

  assert {
    condition = alltrue([for color in ["blue", "green"] : alltrue([
      aws_ecs_service.color[color].name == "shop-${color}",
      aws_ecs_service.color[color].task_definition == "shop",
      aws_ecs_service.color[color].desired_count == 1,
      one(aws_ecs_service.color[color].load_balancer).target_group_arn == aws_lb_target_group.color[color].arn,
      one(aws_ecs_service.color[color].deployment_circuit_breaker).enable,
      one(aws_ecs_service.color[color].deployment_circuit_breaker).rollback,
      one(aws_ecs_service.color[color].deployment_controller).type == "ECS",
      one(aws_ecs_service.color[color].deployment_configuration).strategy == "ROLLING",
      one(aws_ecs_service.color[color].network_configuration).assign_public_ip == false,
    ])])
    error_message = "Both colors are plain rolling services with a circuit breaker, on the first revision, each behind its own target group."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.first.container_definitions)[0].image == "sample-app:0.0.1" && aws_ecs_task_definition.first.family == "shop"
    error_message = "The first revision has the first image."
  }

  assert {
    condition = alltrue([for group in aws_lb_target_group.color : alltrue([
      group.target_type == "ip",
      tonumber(group.deregistration_delay) == 30,
      group.health_check[0].timeout < group.health_check[0].interval,
      group.health_check[0].path == "/health",
      group.health_check[0].port == "traffic-port",
    ])])
    error_message = "A check ends before the next begins, and tasks have time to end what is in flight."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Action] == [["logs:CreateLogStream", "logs:PutLogEvents"]]
    error_message = "Without a registry of its own, what starts tasks may only write to the log."
  }
}

run "https_with_testers" {
  variables {
    certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
    domain_name     = "shop.example.com"
    hosted_zone_id  = "Z0123456789ABC"
    test_cidrs      = ["198.51.100.0/24", "203.0.113.0/24"]
    repository_arn  = "arn:aws:ecr:eu-central-1:123456789012:repository/shop"
    namespace_id    = "ns-abcdefgh"
    alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:pager"
  }

  assert {
    condition     = aws_lb_listener.production.port == 443 && aws_lb_listener.production.protocol == "HTTPS" && strcontains(aws_lb_listener.production.ssl_policy, "TLS13-1-2")
    error_message = "Production speaks TLS 1.2 at least."
  }

  assert {
    condition     = aws_lb_listener.redirect[0].port == 80 && aws_lb_listener.redirect[0].default_action[0].redirect[0].status_code == "HTTP_301"
    error_message = "HTTP redirects."
  }

  assert {
    condition = toset([
      for rule in concat(values(aws_vpc_security_group_ingress_rule.testers), [aws_vpc_security_group_ingress_rule.http], aws_vpc_security_group_ingress_rule.https) : rule.cidr_ipv4
      if rule.from_port <= aws_lb_listener.test[0].port && aws_lb_listener.test[0].port <= rule.to_port
    ]) == toset(["198.51.100.0/24", "203.0.113.0/24"])
    error_message = "The test listener's port is open to the given ranges and to nobody else."
  }

  assert {
    condition     = aws_lb_listener.test[0].protocol == "HTTPS" && aws_lb_listener.test[0].certificate_arn == var.certificate_arn
    error_message = "Testers speak as customers do."
  }

  assert {
    condition = { for group in aws_lb_listener_rule.test[0].action[0].forward[0].target_group : group.arn => group.weight } == {
      (aws_lb_target_group.color["blue"].arn)  = 0
      (aws_lb_target_group.color["green"].arn) = 100
    }
    error_message = "Testers see the idle color, and the other one is named, too."
  }

  assert {
    condition     = output.action_inputs.production-url == "https://shop.example.com/version" && output.action_inputs.test-url == "https://shop.example.com:8443/version"
    error_message = "URLs have the name that the certificate is for."
  }

  assert {
    condition     = [for color in ["blue", "green"] : aws_service_discovery_service.color[color].name] == ["shop-blue", "shop-green"]
    error_message = "In Cloud Map each color has a name of its own."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.watched : alarm.alarm_actions == toset([var.alarm_topic_arn])])
    error_message = "Alarms are sent to the topic."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Resource][1] == var.repository_arn
    error_message = "What starts tasks may pull from the one repository."
  }
}

run "own_cluster_on_instances" {
  variables {
    cluster           = "web"
    capacity_provider = "web-instances"
  }

  assert {
    condition     = length(aws_ecs_cluster.owned) == 0 && output.cluster == "web"
    error_message = "A cluster of yours stays yours."
  }

  assert {
    condition     = aws_ecs_task_definition.first.requires_compatibilities == toset(["EC2"])
    error_message = "Tasks on instances are not for Fargate."
  }
}

run "refuses_names_without_room_for_the_color" {
  command = plan

  variables {
    service = "a23456789012345678901234567"
  }

  expect_failures = [var.service]
}

run "refuses_a_certificate_without_a_name" {
  command = plan

  variables {
    certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
  }

  expect_failures = [var.certificate_arn]
}

run "refuses_a_zone_without_a_name" {
  command = plan

  variables {
    hosted_zone_id = "Z0123456789ABC"
  }

  expect_failures = [var.hosted_zone_id]
}

run "refuses_what_is_no_range" {
  command = plan

  variables {
    test_cidrs = ["198.51.100.0/24", "everybody"]
  }

  expect_failures = [var.test_cidrs]
}
