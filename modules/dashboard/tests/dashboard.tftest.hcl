mock_provider "aws" {}

variables {
  name = "gcbridge-dev-operations"
  body = "{\"widgets\":[{\"type\":\"text\",\"properties\":{\"markdown\":\"hello\"}}]}"
}

run "the_body_is_what_was_given" {
  command = plan

  assert {
    condition     = aws_cloudwatch_dashboard.this.dashboard_name == "gcbridge-dev-operations" && aws_cloudwatch_dashboard.this.dashboard_body == var.body
    error_message = "Name and body must be what was given."
  }
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    name = "with space"
    body = "{}"
  }

  expect_failures = [var.name, var.body]
}

run "a_body_without_a_widget_is_refused" {
  command = plan

  variables {
    body = "{\"widgets\":[]}"
  }

  expect_failures = [var.body]
}

run "too_many_widgets_are_refused" {
  command = plan

  variables {
    body = jsonencode({ widgets = [for number in range(501) : { type = "text" }] })
  }

  expect_failures = [var.body]
}
