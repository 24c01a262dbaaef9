mock_provider "genesyscloud" {}

variables {
  filepath = "tests/workflow.yaml"
}

run "a_changed_file_is_a_changed_plan" {
  command = plan

  assert {
    condition     = genesyscloud_flow.this.update_trigger_hash == filesha256("tests/workflow.yaml")
    error_message = "The hash must be that of the file."
  }

  assert {
    condition     = genesyscloud_flow.this.filepath == "tests/workflow.yaml" && genesyscloud_flow.this.substitutions == null && !genesyscloud_flow.this.force_unlock
    error_message = "Without substitutions there is no map, and a lock is left alone."
  }
}

run "substitutions_are_handed_over" {
  command = plan

  variables {
    substitutions = { name = "Presence log" }
    force_unlock  = true
  }

  assert {
    condition     = genesyscloud_flow.this.substitutions == tomap({ name = "Presence log" }) && genesyscloud_flow.this.force_unlock
    error_message = "What is put into the file must be handed to the provider."
  }
}

run "an_absolute_path_is_refused" {
  command = plan

  variables {
    filepath = "/tmp/workflow.json"
  }

  expect_failures = [var.filepath]
}

run "a_name_with_spaces_is_refused" {
  command = plan

  variables {
    substitutions = { "a name" = "x" }
  }

  expect_failures = [var.substitutions]
}
