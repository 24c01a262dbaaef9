mock_provider "genesyscloud" {}

variables {
  name        = "gcbridge dev away"
  topic       = "v2.users.{id}.presence"
  workflow_id = "6c1f0e52-0001-4000-8000-000000000001"
}

run "a_trigger_without_criteria_has_an_empty_list" {
  command = plan

  assert {
    condition     = genesyscloud_processautomation_trigger.this.match_criteria == "[]"
    error_message = "The provider fails on an empty text."
  }

  assert {
    condition = one(genesyscloud_processautomation_trigger.this.target) == {
      type                     = "Workflow"
      id                       = "6c1f0e52-0001-4000-8000-000000000001"
      workflow_target_settings = toset([{ data_format = "TopLevelPrimitives" }])
    }
    error_message = "The target must be the workflow, with its data format."
  }

  assert {
    condition     = genesyscloud_processautomation_trigger.this.enabled && genesyscloud_processautomation_trigger.this.event_ttl_seconds == null && genesyscloud_processautomation_trigger.this.delay_by_seconds == null
    error_message = "A trigger is enabled and starts its workflow at once, whatever the event's age."
  }
}

run "criteria_are_written_with_sorted_keys" {
  command = plan

  variables {
    match_criteria = "[{\"value\": \"<Away>\", \"operator\":\"Equal\",\"jsonPath\":\"message\"}]"
    data_format    = "Json"
    enabled        = false
    description    = "Away too long"

    event_ttl_seconds = 60
  }

  assert {
    condition     = genesyscloud_processautomation_trigger.this.match_criteria == "[{\"jsonPath\":\"message\",\"operator\":\"Equal\",\"value\":\"\\u003cAway\\u003e\"}]"
    error_message = "The provider compares text, so it must be written as the provider itself writes JSON."
  }

  assert {
    condition     = !genesyscloud_processautomation_trigger.this.enabled && genesyscloud_processautomation_trigger.this.event_ttl_seconds == 60
    error_message = "Whether it is enabled, and the age, must be those that were given."
  }
}

run "age_and_delay_exclude_each_other" {
  command = plan

  variables {
    event_ttl_seconds = 60
    delay_by_seconds  = 60
  }

  expect_failures = [var.event_ttl_seconds]
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    name              = ""
    description       = format("%513s", "x")
    topic             = "v2.users.*.presence"
    workflow_id       = ""
    data_format       = "XML"
    match_criteria    = "{}"
    event_ttl_seconds = 9
    delay_by_seconds  = null
  }

  expect_failures = [
    var.name,
    var.description,
    var.topic,
    var.workflow_id,
    var.data_format,
    var.event_ttl_seconds,
  ]
}

run "criteria_must_be_a_list_with_paths" {
  command = plan

  variables {
    match_criteria = "[{\"operator\":\"Equal\",\"value\":1}]"
  }

  expect_failures = [var.match_criteria]
}

run "a_criterion_has_one_of_value_and_values" {
  command = plan

  variables {
    match_criteria = "[{\"jsonPath\":\"a\",\"operator\":\"In\",\"value\":1,\"values\":[1]}]"
  }

  expect_failures = [var.match_criteria]
}

run "a_delay_has_its_limits" {
  command = plan

  variables {
    delay_by_seconds = 901
  }

  expect_failures = [var.delay_by_seconds]
}
