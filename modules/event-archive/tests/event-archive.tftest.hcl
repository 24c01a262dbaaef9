mock_provider "aws" {}

variables {
  name           = "gcbridge-dev"
  event_bus_arn  = "arn:aws:events:eu-central-1:012345678901:event-bus/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev"
  retention_days = 0
}

run "everything_is_kept_for_ever" {
  command = plan

  assert {
    condition     = aws_cloudwatch_event_archive.this.event_source_arn == var.event_bus_arn && aws_cloudwatch_event_archive.this.retention_days == 0
    error_message = "0 days must mean for ever."
  }

  assert {
    condition     = aws_cloudwatch_event_archive.this.event_pattern == null && aws_cloudwatch_event_archive.this.description == null
    error_message = "Without a pattern everything must be kept, and there must be no empty description."
  }

  assert {
    condition     = output.name == "gcbridge-dev"
    error_message = "The name must be the one that was given."
  }
}

run "a_pattern_narrows_it" {
  command = plan

  variables {
    retention_days = 365
    description    = "Presence only"
    event_pattern  = "{\"detail-type\":[\"v2.users.{id}.presence\"]}"
  }

  assert {
    condition     = aws_cloudwatch_event_archive.this.event_pattern == "{\"detail-type\":[\"v2.users.{id}.presence\"]}" && aws_cloudwatch_event_archive.this.retention_days == 365 && aws_cloudwatch_event_archive.this.description == "Presence only"
    error_message = "Pattern, retention and description must be those that were given."
  }
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    name           = "with space"
    event_bus_arn  = "dev"
    retention_days = -1
    event_pattern  = "[]"
    description    = format("%513s", "x")
  }

  expect_failures = [
    var.name,
    var.event_bus_arn,
    var.retention_days,
    var.event_pattern,
    var.description,
  ]
}

run "a_name_longer_than_archives_may_have_is_refused" {
  command = plan

  variables {
    name = "gcbridge-an-environment-whose-name-is-rather-long"
  }

  expect_failures = [var.name]
}
