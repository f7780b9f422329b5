# The outputs of ../../app.yml, which are inputs of the action and nothing else.

output "cluster" {
  description = "Name of the cluster."
  value       = local.cluster
}

output "service" {
  description = "Base name of the two services."
  value       = var.service
  # Auto scaling takes only services that are there.
  depends_on = [aws_ecs_service.color]
}

output "listener_arns" {
  description = "The production rule, whose weights are the traffic."
  value       = aws_lb_listener_rule.production.arn
}

output "test_listener_arns" {
  description = "The rule of the testers, which follows the idle color."
  value       = one(aws_lb_listener_rule.test[*].arn)
}

output "alarm_names" {
  description = "Alarms that a deploy watches."
  value       = local.alarm_names
}

output "production_url" {
  description = "Where customers are served, and the version can be asked."
  value       = local.production_url
}

output "test_url" {
  description = "Where testers see the idle color."
  value       = local.tested ? local.test_url : null
}

output "action_inputs" {
  description = "All of these, named as the inputs of the action are; those without a value are left out."
  value = merge(
    {
      cluster        = local.cluster
      service        = var.service
      listener-arns  = aws_lb_listener_rule.production.arn
      alarm-names    = local.alarm_names
      production-url = local.production_url
    },
    local.tested ? {
      test-listener-arns = aws_lb_listener_rule.test[0].arn
      test-url           = local.test_url
    } : {},
  )
}
