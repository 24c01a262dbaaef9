mock_provider "aws" {}

variables {
  aws_region     = "eu-central-1"
  aws_account_id = "012345678901"
  queues = {
    translations = { queue_name = "chat-translations.fifo", fifo = true, message_retention_seconds = 60 }
    failures     = { queue_name = "chat-failures" }
  }
}

run "each_queue_is_encrypted_and_lets_nobody_in" {
  command = plan

  assert {
    condition     = alltrue([for queue in aws_sqs_queue.this : queue.sqs_managed_sse_enabled])
    error_message = "SSE-SQS must be on."
  }

  assert {
    condition     = output.arns == { translations = "arn:aws:sqs:eu-central-1:012345678901:chat-translations.fifo", failures = "arn:aws:sqs:eu-central-1:012345678901:chat-failures" }
    error_message = "The ARNs must follow from partition, region, account and name."
  }
}

run "a_fifo_queue_takes_equal_texts_of_different_events" {
  command = plan

  assert {
    condition     = aws_sqs_queue.this["translations"].fifo_queue && !aws_sqs_queue.this["translations"].content_based_deduplication
    error_message = "Who sends must say what a repetition is; the text alone does not."
  }

  assert {
    condition     = !aws_sqs_queue.this["failures"].fifo_queue
    error_message = "A queue must be a standard queue unless told otherwise."
  }
}

run "retention_reaches_each_queue" {
  command = plan

  assert {
    condition     = aws_sqs_queue.this["translations"].message_retention_seconds == 60 && aws_sqs_queue.this["failures"].message_retention_seconds == 345600
    error_message = "Retention must be what was given, four days by default."
  }
}

run "a_fifo_queue_without_fifo_in_its_name_is_refused" {
  command = plan

  variables {
    queues = { translations = { queue_name = "chat-translations", fifo = true } }
  }

  expect_failures = [aws_sqs_queue.this]
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition  = "AWS"
    aws_region     = "Frankfurt"
    aws_account_id = "12345678901"
    queues         = { translations = { queue_name = "with space" } }
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.queues,
  ]
}

run "a_name_that_can_name_no_output_is_refused" {
  command = plan

  variables {
    queues = { "two words" = { queue_name = "chat-translations" } }
  }

  expect_failures = [var.queues]
}

run "a_retention_that_sqs_does_not_know_is_refused" {
  command = plan

  variables {
    queues = { translations = { queue_name = "chat-translations", message_retention_seconds = 59 } }
  }

  expect_failures = [var.queues]
}

run "no_queue_at_all_is_refused" {
  command = plan

  variables {
    queues = {}
  }

  expect_failures = [var.queues]
}
