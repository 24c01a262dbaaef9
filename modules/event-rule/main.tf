resource "aws_cloudwatch_event_rule" "this" {
  name           = var.name
  description    = var.description == "" ? null : var.description
  event_bus_name = var.event_bus_name
  event_pattern  = var.event_pattern
  state          = var.state
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = var.targets

  rule           = aws_cloudwatch_event_rule.this.name
  event_bus_name = aws_cloudwatch_event_rule.this.event_bus_name
  target_id      = each.key
  arn            = each.value.arn

  retry_policy {
    maximum_retry_attempts       = each.value.maximum_retry_attempts
    maximum_event_age_in_seconds = each.value.maximum_event_age_seconds
  }

  dynamic "dead_letter_config" {
    for_each = each.value.dead_letter_arn == null ? [] : [each.value.dead_letter_arn]

    content {
      arn = dead_letter_config.value
    }
  }
}
