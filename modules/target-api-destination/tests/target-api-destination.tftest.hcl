mock_provider "aws" {}

variables {
  aws_region     = "eu-central-1"
  aws_account_id = "012345678901"
  rule_arns      = ["arn:aws:events:eu-central-1:012345678901:rule/aws.partner/genesys.com/cloud/a3b1c2d4-0000-4000-8000-000000000000/dev/presence"]
  name           = "crm"
  endpoint_url   = "https://example.com/events/*"
  authorization  = { type = "API_KEY", key_name = "x-api-key" }
  role_name      = "crm-invoke"
}

run "only_its_rules_may_invoke" {
  override_resource {
    target = aws_cloudwatch_event_connection.this
    values = { arn = "arn:aws:events:eu-central-1:012345678901:connection/crm/0f8c2a3e-1111-4222-8333-444455556666" }
  }

  override_resource {
    target = aws_cloudwatch_event_api_destination.this
    values = { arn = "arn:aws:events:eu-central-1:012345678901:api-destination/crm/0f8c2a3e-1111-4222-8333-444455556666" }
  }

  override_module {
    target  = module.invoke_role
    outputs = { arn = "arn:aws:iam::012345678901:role/crm-invoke", name = "crm-invoke" }
  }

  assert {
    condition     = jsonencode(local.statements) == jsonencode([{ actions = ["events:InvokeApiDestination"], resources = ["arn:aws:events:eu-central-1:012345678901:api-destination/crm/0f8c2a3e-1111-4222-8333-444455556666"] }])
    error_message = "The role may invoke exactly this API destination."
  }

  assert {
    condition     = output.arn == "arn:aws:events:eu-central-1:012345678901:api-destination/crm/0f8c2a3e-1111-4222-8333-444455556666" && output.role_arn == "arn:aws:iam::012345678901:role/crm-invoke"
    error_message = "A rule needs the API destination and the role."
  }

  assert {
    condition     = output.connection_name == "crm" && output.connection_arn == "arn:aws:events:eu-central-1:012345678901:connection/crm/0f8c2a3e-1111-4222-8333-444455556666"
    error_message = "Whoever sets the secret needs the connection."
  }

  assert {
    condition     = aws_cloudwatch_event_api_destination.this.connection_arn == aws_cloudwatch_event_connection.this.arn
    error_message = "The API destination must use its own connection."
  }
}

run "an_api_key" {
  command = plan

  assert {
    condition     = aws_cloudwatch_event_connection.this.authorization_type == "API_KEY" && aws_cloudwatch_event_connection.this.auth_parameters[0].api_key[0].key == "x-api-key"
    error_message = "The key must go into the header that was named."
  }

  assert {
    condition     = nonsensitive(aws_cloudwatch_event_connection.this.auth_parameters[0].api_key[0].value) == "placeholder-until-update-connection"
    error_message = "No real secret must be needed to plan."
  }

  assert {
    condition     = length(aws_cloudwatch_event_connection.this.auth_parameters[0].invocation_http_parameters) == 0
    error_message = "The key must stand in no body unless told otherwise."
  }

  assert {
    condition     = length(aws_cloudwatch_event_connection.this.auth_parameters[0].basic) == 0 && length(aws_cloudwatch_event_connection.this.auth_parameters[0].oauth) == 0
    error_message = "There must be one kind of authorization."
  }

  assert {
    condition     = aws_cloudwatch_event_api_destination.this.http_method == "POST" && aws_cloudwatch_event_api_destination.this.invocation_rate_limit_per_second == 300 && aws_cloudwatch_event_api_destination.this.invocation_endpoint == var.endpoint_url
    error_message = "Events must be posted, as fast as AWS does it."
  }
}

run "an_api_key_that_the_body_carries_as_well" {
  command = plan

  variables {
    authorization = { type = "API_KEY", key_name = "x-api-key", body_key = "routing_key" }
  }

  assert {
    condition     = aws_cloudwatch_event_connection.this.auth_parameters[0].invocation_http_parameters[0].body[0].key == "routing_key" && nonsensitive(aws_cloudwatch_event_connection.this.auth_parameters[0].invocation_http_parameters[0].body[0].value) == "placeholder-until-update-connection"
    error_message = "The body must carry the same placeholder as the header."
  }

  assert {
    condition     = aws_cloudwatch_event_connection.this.auth_parameters[0].invocation_http_parameters[0].body[0].is_value_secret
    error_message = "EventBridge must tell the value to nobody."
  }
}

run "user_and_password" {
  command = plan

  variables {
    authorization         = { type = "BASIC", username = "gcbridge" }
    http_method           = "PUT"
    rate_limit_per_second = 10
  }

  assert {
    condition     = aws_cloudwatch_event_connection.this.authorization_type == "BASIC" && aws_cloudwatch_event_connection.this.auth_parameters[0].basic[0].username == "gcbridge" && length(aws_cloudwatch_event_connection.this.auth_parameters[0].api_key) == 0
    error_message = "The user must be the one that was given."
  }

  assert {
    condition     = aws_cloudwatch_event_api_destination.this.http_method == "PUT" && aws_cloudwatch_event_api_destination.this.invocation_rate_limit_per_second == 10
    error_message = "Method and rate must be those that were given."
  }
}

run "client_credentials" {
  command = plan

  variables {
    authorization = {
      type                   = "OAUTH"
      client_id              = "gcbridge"
      authorization_endpoint = "https://example.com/token"
      body                   = { grant_type = "client_credentials", scope = "events" }
    }
  }

  assert {
    condition     = aws_cloudwatch_event_connection.this.authorization_type == "OAUTH_CLIENT_CREDENTIALS" && aws_cloudwatch_event_connection.this.auth_parameters[0].oauth[0].client_parameters[0].client_id == "gcbridge" && aws_cloudwatch_event_connection.this.auth_parameters[0].oauth[0].http_method == "POST"
    error_message = "The client must be the one that was given."
  }

  assert {
    condition     = nonsensitive({ for pair in aws_cloudwatch_event_connection.this.auth_parameters[0].oauth[0].oauth_http_parameters[0].body : pair.key => pair.value }) == { grant_type = "client_credentials", scope = "events" }
    error_message = "What the token request must hold beside the client must reach it."
  }
}

run "malformed_inputs_are_refused" {
  command = plan

  variables {
    aws_partition         = "AWS"
    aws_region            = "Frankfurt"
    aws_account_id        = "12345678901"
    rule_arns             = []
    name                  = "with space"
    endpoint_url          = "ftp://example.com"
    http_method           = "TRACE"
    rate_limit_per_second = 301
    authorization         = { type = "NONE" }
    secret                = ""
    role_name             = "with space"
  }

  expect_failures = [
    var.aws_partition,
    var.aws_region,
    var.aws_account_id,
    var.rule_arns,
    var.name,
    var.endpoint_url,
    var.http_method,
    var.rate_limit_per_second,
    var.authorization,
    var.secret,
    var.role_name,
  ]
}

run "a_key_without_a_header_is_refused" {
  command = plan

  variables {
    authorization = { type = "API_KEY" }
  }

  expect_failures = [var.authorization]
}

run "a_body_key_without_an_api_key_is_refused" {
  command = plan

  variables {
    authorization = { type = "BASIC", username = "gcbridge", body_key = "routing_key" }
  }

  expect_failures = [var.authorization]
}

run "a_password_without_a_user_is_refused" {
  command = plan

  variables {
    authorization = { type = "BASIC" }
  }

  expect_failures = [var.authorization]
}

run "a_client_without_an_endpoint_is_refused" {
  command = plan

  variables {
    authorization = { type = "OAUTH", client_id = "gcbridge" }
  }

  expect_failures = [var.authorization]
}
