resource "aws_cloudwatch_metric_alarm" "this" {
  alarm_name        = var.name
  alarm_description = var.description == "" ? null : var.description

  # A rule on any bus but the default one is counted under both names; under its own alone it would be the default bus's.
  namespace   = "AWS/Events"
  metric_name = "TriggeredRules"
  dimensions = {
    EventBusName = var.event_bus_name
    RuleName     = var.rule_name
  }

  statistic           = "Sum"
  period              = var.period_seconds
  evaluation_periods  = 1
  threshold           = var.threshold
  comparison_operator = "GreaterThanOrEqualToThreshold"

  # EventBridge counts nothing where nothing matched.
  treat_missing_data = "notBreaching"

  alarm_actions = var.notify
  ok_actions    = var.notify
}
