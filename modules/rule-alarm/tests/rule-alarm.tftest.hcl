mock_provider "aws" {}

variables {
  name           = "gcbridge-dev-presence"
  event_bus_name = "aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev"
  rule_name      = "presence"
}

run "the_rule_is_counted_as_eventbridge_counts_it" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.this.namespace == "AWS/Events" && aws_cloudwatch_metric_alarm.this.metric_name == "TriggeredRules" && aws_cloudwatch_metric_alarm.this.statistic == "Sum"
    error_message = "Matches of a rule are TriggeredRules of AWS/Events, added up."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this.dimensions == tomap({ EventBusName = var.event_bus_name, RuleName = "presence" })
    error_message = "A rule that is not on the default bus is counted under its bus and its own name."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this.comparison_operator == "GreaterThanOrEqualToThreshold" && aws_cloudwatch_metric_alarm.this.threshold == 1 && aws_cloudwatch_metric_alarm.this.evaluation_periods == 1 && aws_cloudwatch_metric_alarm.this.period == 300
    error_message = "One event within five minutes must be enough unless told otherwise."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this.treat_missing_data == "notBreaching"
    error_message = "No data means that nothing matched."
  }

  assert {
    condition     = length(coalesce(aws_cloudwatch_metric_alarm.this.alarm_actions, [])) == 0 && aws_cloudwatch_metric_alarm.this.alarm_description == null
    error_message = "Nobody is told, and no empty description set, unless it was asked for."
  }
}

run "topics_are_told_of_both" {
  command = plan

  variables {
    description    = "Somebody changed a privilege"
    threshold      = 10
    period_seconds = 86400
    notify         = ["arn:aws:sns:eu-central-1:012345678901:on-call"]
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this.alarm_actions == toset(var.notify) && aws_cloudwatch_metric_alarm.this.ok_actions == toset(var.notify)
    error_message = "Topics must be told when the alarm is raised and when it is over."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this.threshold == 10 && aws_cloudwatch_metric_alarm.this.period == 86400 && aws_cloudwatch_metric_alarm.this.alarm_description == "Somebody changed a privilege"
    error_message = "Threshold, period and description must be what was given."
  }
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    name           = "with space"
    description    = format("%1025s", "x")
    event_bus_name = "default"
    rule_name      = "with space"
    threshold      = 0
    period_seconds = 90
    notify         = ["arn:aws:sns:eu-central-1:012345678901:events.fifo"]
  }

  expect_failures = [
    var.name,
    var.description,
    var.event_bus_name,
    var.rule_name,
    var.threshold,
    var.period_seconds,
    var.notify,
  ]
}

run "a_sixth_topic_is_refused" {
  command = plan

  variables {
    notify = [for number in range(6) : "arn:aws:sns:eu-central-1:012345678901:on-call-${number}"]
  }

  expect_failures = [var.notify]
}
