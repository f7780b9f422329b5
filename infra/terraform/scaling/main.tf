# Auto scaling of both colors, each by its own load. A parked color is held by the deploys (idle-desired-count), so its minimum costs nothing.

locals {
  colors = toset(["blue", "green"])
}

resource "aws_appautoscaling_target" "color" {
  for_each = local.colors

  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.cluster}/${var.service}-${each.key}"
  min_capacity       = var.min_tasks
  max_capacity       = var.max_tasks

  lifecycle {
    # Deploys hold the scaling of a parked color, and give it its minimum back with its next traffic.
    ignore_changes = [min_capacity, suspended_state]
  }
}

resource "aws_appautoscaling_policy" "cpu" {
  for_each = local.colors

  name               = "${var.service}-${each.key}-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.color[each.key].service_namespace
  scalable_dimension = aws_appautoscaling_target.color[each.key].scalable_dimension
  resource_id        = aws_appautoscaling_target.color[each.key].resource_id

  target_tracking_scaling_policy_configuration {
    target_value = var.cpu_percent
    # Out at once, in slowly: traffic comes to a fresh color all at once, and would find it shrunk.
    scale_out_cooldown = 30
    scale_in_cooldown  = 300

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
