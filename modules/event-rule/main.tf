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
  role_arn       = each.value.role_arn
  input          = each.value.input
  input_path     = each.value.input_path

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

  dynamic "input_transformer" {
    for_each = each.value.input_transformer == null ? [] : [each.value.input_transformer]

    content {
      input_paths    = input_transformer.value.paths
      input_template = input_transformer.value.template
    }
  }

  dynamic "sqs_target" {
    for_each = each.value.message_group_id == null ? [] : [each.value.message_group_id]

    content {
      message_group_id = sqs_target.value
    }
  }

  dynamic "kinesis_target" {
    for_each = each.value.partition_key_path == null ? [] : [each.value.partition_key_path]

    content {
      partition_key_path = kinesis_target.value
    }
  }

  dynamic "http_target" {
    for_each = [
      for http in each.value.http == null ? [] : [each.value.http] : http
      if length(http.path_parameter_values) + length(http.header_parameters) + length(http.query_string_parameters) > 0
    ]

    content {
      path_parameter_values   = http_target.value.path_parameter_values
      header_parameters       = http_target.value.header_parameters
      query_string_parameters = http_target.value.query_string_parameters
    }
  }

  dynamic "ecs_target" {
    for_each = each.value.ecs == null ? [] : [each.value.ecs]

    content {
      task_definition_arn = ecs_target.value.task_definition_arn
      launch_type         = ecs_target.value.launch_type
      task_count          = ecs_target.value.task_count

      network_configuration {
        subnets          = ecs_target.value.subnets
        security_groups  = ecs_target.value.security_groups
        assign_public_ip = ecs_target.value.assign_public_ip
      }
    }
  }
}
