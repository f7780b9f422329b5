mock_provider "aws" {}

variables {
  cluster = "shop"
  service = "shop"
}

run "both_colors" {
  assert {
    condition     = [for target in aws_appautoscaling_target.color : "${target.resource_id} ${target.min_capacity} ${target.max_capacity}"] == ["service/shop/shop-blue 2 6", "service/shop/shop-green 2 6"]
    error_message = "Both colors have the same bounds."
  }

  assert {
    condition     = alltrue([for policy in aws_appautoscaling_policy.cpu : policy.target_tracking_scaling_policy_configuration[0].target_value == 60])
    error_message = "Both colors have the same aim."
  }
}
