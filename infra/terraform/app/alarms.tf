# When to worry.

locals {
  balancer_alarms = {
    target-errors = {
      description = "The app answers with 500 and above."
      metric      = "HTTPCode_Target_5XX_Count"
      statistic   = "Sum"
      percentile  = null
      periods     = 1
      threshold   = var.errors_per_minute
      comparison  = "GreaterThanOrEqualToThreshold"
    }
    balancer-errors = {
      description = "The load balancer itself answers with 500 and above, such as 503 without targets, or 502 when a task breaks a connection."
      metric      = "HTTPCode_ELB_5XX_Count"
      statistic   = "Sum"
      percentile  = null
      periods     = 1
      threshold   = var.errors_per_minute
      comparison  = "GreaterThanOrEqualToThreshold"
    }
    latency = {
      description = "One request in a hundred is slow."
      metric      = "TargetResponseTime"
      statistic   = null
      percentile  = "p99"
      periods     = 3
      threshold   = var.slow_seconds
      comparison  = "GreaterThanThreshold"
    }
  }
}

# For alarm-names: a deploy moves the traffic back when one goes off. They count both colors, and what testers see.
resource "aws_cloudwatch_metric_alarm" "watched" {
  for_each = local.balancer_alarms

  alarm_name          = "${var.service}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/ApplicationELB"
  metric_name         = each.value.metric
  dimensions          = { LoadBalancer = aws_lb.this.arn_suffix }
  statistic           = each.value.statistic
  extended_statistic  = each.value.percentile
  period              = 60
  evaluation_periods  = each.value.periods
  threshold           = each.value.threshold
  comparison_operator = each.value.comparison
  # There is no metric while there are no errors.
  treat_missing_data = "notBreaching"
  alarm_actions      = var.alarm_topic_arn == "" ? [] : [var.alarm_topic_arn]
}

# These two are for people only. A candidate that is refused is unhealthy, too, and an alarm that is on would keep the next deploy from starting.
resource "aws_cloudwatch_metric_alarm" "unhealthy" {
  for_each = local.colors

  alarm_name          = "${var.service}-${each.key}-unhealthy"
  alarm_description   = "Tasks of the ${each.key} color have failed their health checks for three minutes."
  namespace           = "AWS/ApplicationELB"
  metric_name         = "UnHealthyHostCount"
  dimensions          = { LoadBalancer = aws_lb.this.arn_suffix, TargetGroup = aws_lb_target_group.color[each.key].arn_suffix }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 3
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arn == "" ? [] : [var.alarm_topic_arn]
}
