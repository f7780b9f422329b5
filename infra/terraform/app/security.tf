# Who reaches whom.

resource "aws_security_group" "load_balancer" {
  name        = "load-balancer-of-${var.service}"
  description = "The load balancer"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "http" {
  #checkov:skip=CKV_AWS_260: Port 80 is open on purpose. With a certificate it only redirects to HTTPS; without one this is a trial, as the variable says.
  security_group_id = aws_security_group.load_balancer.id
  description       = "Production, or the redirect to it"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  count = local.https ? 1 : 0

  security_group_id = aws_security_group.load_balancer.id
  description       = "Production"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "testers" {
  for_each = toset(var.test_cidrs)

  security_group_id = aws_security_group.load_balancer.id
  description       = "Testers"
  ip_protocol       = "tcp"
  from_port         = local.test_port
  to_port           = local.test_port
  cidr_ipv4         = each.key
}

resource "aws_vpc_security_group_egress_rule" "to_tasks" {
  security_group_id            = aws_security_group.load_balancer.id
  description                  = "Requests and health checks"
  ip_protocol                  = "tcp"
  from_port                    = var.container_port
  to_port                      = var.container_port
  referenced_security_group_id = aws_security_group.tasks.id
}

resource "aws_security_group" "tasks" {
  name        = "tasks-of-${var.service}"
  description = "The tasks of both colors"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
  security_group_id            = aws_security_group.tasks.id
  description                  = "Requests and health checks"
  ip_protocol                  = "tcp"
  from_port                    = var.container_port
  to_port                      = var.container_port
  referenced_security_group_id = aws_security_group.load_balancer.id
}

resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id = aws_security_group.tasks.id
  description       = "Registry, logs and other APIs. Add what your app talks to, such as a database"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}
