# Named as the variables of ../app.

output "cluster" {
  description = "Name of the cluster."
  value       = aws_ecs_cluster.this.name
}

output "capacity_provider" {
  description = "What its services run on."
  value       = aws_ecs_capacity_provider.this.name
  # A service can name it from then on.
  depends_on = [aws_ecs_cluster_capacity_providers.this]
}

output "architecture" {
  description = "Processor of its instances."
  value       = var.architecture
}
