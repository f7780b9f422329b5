data "aws_region" "current" {}

locals {
  colors = toset(["blue", "green"])

  https      = var.certificate_arn != ""
  tested     = length(var.test_cidrs) > 0
  fargate    = contains(["FARGATE", "FARGATE_SPOT"], var.capacity_provider)
  discovered = var.namespace_id != "" ? local.colors : toset([])

  cluster = var.cluster == "" ? aws_ecs_cluster.owned[0].name : var.cluster

  production_port = local.https ? 443 : 80
  test_port       = 8443
  tls             = local.https ? "ELBSecurityPolicy-TLS13-1-2-2021-06" : null
  base_url        = "${local.https ? "https" : "http"}://${var.domain_name != "" ? var.domain_name : aws_lb.this.dns_name}"

  production_url = "${local.base_url}${var.probe_path}"
  test_url       = "${local.base_url}:${local.test_port}${var.probe_path}"
  alarm_names    = join(",", [for name in ["target-errors", "balancer-errors", "latency"] : aws_cloudwatch_metric_alarm.watched[name].alarm_name])
}
