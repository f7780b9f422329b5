resource "aws_lb" "this" {
  #checkov:skip=CKV_AWS_91: Access logs need a bucket with a policy that depends on the Region. Give access_log_bucket to have them.
  #checkov:skip=CKV_AWS_150: It is on unless the variable turns it off.
  #checkov:skip=CKV2_AWS_28: A web application firewall has a price by the month and rules that depend on the app. Associate yours with the load balancer's ARN.
  #checkov:skip=CKV2_AWS_20: Port 80 redirects to HTTPS whenever there is a certificate.
  name               = var.service
  load_balancer_type = "application"
  internal           = var.scheme == "internal"
  subnets            = var.load_balancer_subnets
  security_groups    = [aws_security_group.load_balancer.id]
  # The app must keep idle connections open for longer than this, or it closes one that a request is on its way into (502).
  idle_timeout               = 60
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection

  dynamic "access_logs" {
    for_each = var.access_log_bucket == "" ? [] : [var.access_log_bucket]

    content {
      enabled = true
      bucket  = access_logs.value
    }
  }
}

resource "aws_lb_target_group" "color" {
  #checkov:skip=CKV_AWS_378: TLS ends at the load balancer. From there to the task it is HTTP inside the VPC, between two security groups; most apps have no certificate.
  for_each = local.colors

  name   = "${var.service}-${each.key}"
  vpc_id = var.vpc_id
  # A task registers with its own address and port; this port is used by nobody.
  target_type          = "ip"
  port                 = 80
  protocol             = "HTTP"
  deregistration_delay = var.deregistration_delay
  # A color that starts empty has no warm tasks that could spare the new ones: slow start would do nothing at a switch.
  slow_start = 0

  health_check {
    protocol            = "HTTP"
    port                = "traffic-port"
    path                = var.health_check_path
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
    matcher             = "200"
  }

  # Clients that stick to a task stick to its color, and would be left on the old one.
  stickiness {
    enabled = false
    type    = "lb_cookie"
  }

  lifecycle {
    # Notes of deploys, some of which decide where a rollback goes. All tags, because the next version of the action may write others.
    ignore_changes = [tags, tags_all]
  }
}

# A rule and no default action carries production, so that the listener may change its certificate or go from HTTP to HTTPS without a word about
# weights. And your own rules, such as those of previews, go before it with a smaller number. Port 443 is open before production comes to it.
resource "aws_lb_listener" "production" {
  #checkov:skip=CKV_AWS_2: It speaks HTTPS with a certificate. Without one this is a trial, as the variable says.
  #checkov:skip=CKV_AWS_103: The policy is one for TLS 1.2 and 1.3, by a condition that the scanner does not see.
  load_balancer_arn = aws_lb.this.arn
  port              = local.production_port
  protocol          = local.https ? "HTTPS" : "HTTP"
  certificate_arn   = local.https ? var.certificate_arn : null
  ssl_policy        = local.tls

  default_action {
    type = "fixed-response"

    fixed_response {
      status_code  = "404"
      content_type = "text/plain"
      message_body = "not found"
    }
  }

  depends_on = [aws_vpc_security_group_ingress_rule.https]
}

resource "aws_lb_listener" "redirect" {
  count = local.https ? 1 : 0

  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }

  # After production has left port 80.
  depends_on = [aws_lb_listener.production]
}

# Both target groups, always: one that no action names is not health-checked, and ECS makes no service on it.
resource "aws_lb_listener_rule" "production" {
  listener_arn = aws_lb_listener.production.arn
  priority     = 50000

  condition {
    path_pattern {
      values = ["*"]
    }
  }

  action {
    type = "forward"

    forward {
      target_group {
        arn    = aws_lb_target_group.color["blue"].arn
        weight = 100
      }

      target_group {
        arn    = aws_lb_target_group.color["green"].arn
        weight = 0
      }

      stickiness {
        enabled  = false
        duration = 1
      }
    }
  }

  lifecycle {
    # From the first deploy on the weights are the deploys'.
    ignore_changes = [action]
  }
}

resource "aws_lb_listener" "test" {
  #checkov:skip=CKV_AWS_2: As production, which speaks HTTPS with a certificate.
  #checkov:skip=CKV_AWS_103: As production, by a condition that the scanner does not see.
  count = local.tested ? 1 : 0

  load_balancer_arn = aws_lb.this.arn
  port              = local.test_port
  protocol          = local.https ? "HTTPS" : "HTTP"
  certificate_arn   = local.https ? var.certificate_arn : null
  ssl_policy        = local.tls

  default_action {
    type = "fixed-response"

    fixed_response {
      status_code  = "404"
      content_type = "text/plain"
      message_body = "not found"
    }
  }
}

resource "aws_lb_listener_rule" "test" {
  count = local.tested ? 1 : 0

  listener_arn = aws_lb_listener.test[0].arn
  priority     = 50000

  condition {
    path_pattern {
      values = ["*"]
    }
  }

  action {
    type = "forward"

    forward {
      target_group {
        arn    = aws_lb_target_group.color["blue"].arn
        weight = var.test_color == "blue" ? 100 : 0
      }

      target_group {
        arn    = aws_lb_target_group.color["green"].arn
        weight = var.test_color == "green" ? 100 : 0
      }

      stickiness {
        enabled  = false
        duration = 1
      }
    }
  }

  lifecycle {
    # Deploys lead testers to the color that is idle.
    ignore_changes = [action]
  }
}

resource "aws_route53_record" "this" {
  count = var.hosted_zone_id != "" ? 1 : 0

  zone_id = var.hosted_zone_id
  name    = var.domain_name
  type    = "A"

  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = false
  }
}
