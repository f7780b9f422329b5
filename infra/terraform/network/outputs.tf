# Named as the variables of ../app.

locals {
  task_subnets = var.private_subnets ? aws_subnet.private : aws_subnet.public
}

output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "load_balancer_subnets" {
  description = "Subnets of the load balancer, one in each zone."
  value       = [for zone in keys(local.zones) : aws_subnet.public[zone].id]
  depends_on  = [aws_route.public, aws_route_table_association.public]
}

output "task_subnets" {
  description = "Subnets of the tasks, in the same zones, because a target in a zone that the load balancer lacks is never used."
  value       = [for zone in keys(local.zones) : local.task_subnets[zone].id]
  # No task starts before it can reach its registry.
  depends_on = [aws_route.public, aws_route.private, aws_route_table_association.public, aws_route_table_association.private]
}

output "public_tasks" {
  description = "Whether tasks need an address of their own to reach the registry."
  value       = !var.private_subnets
}
