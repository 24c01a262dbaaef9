mock_provider "aws" {}

variables {
  event_source_name = "aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev"
}

run "bus_is_named_as_its_source" {
  command = plan

  assert {
    condition     = aws_cloudwatch_event_bus.this.name == var.event_source_name && aws_cloudwatch_event_bus.this.event_source_name == var.event_source_name
    error_message = "A partner event bus must carry the name of its event source."
  }
}

run "a_custom_bus_is_refused" {
  command = plan

  variables {
    event_source_name = "default"
  }

  expect_failures = [var.event_source_name]
}

run "a_name_that_is_too_long_is_refused" {
  command = plan

  variables {
    event_source_name = "aws.partner/genesys.com/cloud/${replace(format("%230s", "x"), " ", "x")}"
  }

  expect_failures = [var.event_source_name]
}
