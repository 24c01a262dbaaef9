locals {
  types = { API_KEY = "API_KEY", BASIC = "BASIC", OAUTH = "OAUTH_CLIENT_CREDENTIALS" }

  # AWS ends the ARN with an id of its own making, so that it is known after the apply only.
  statements = [{
    actions   = ["events:InvokeApiDestination"]
    resources = [aws_cloudwatch_event_api_destination.this.arn]
  }]
}

resource "aws_cloudwatch_event_connection" "this" {
  name               = var.name
  authorization_type = local.types[var.authorization.type]

  auth_parameters {
    dynamic "api_key" {
      for_each = var.authorization.type == "API_KEY" ? [var.authorization] : []

      content {
        key   = api_key.value.key_name
        value = var.secret
      }
    }

    # Goes into the JSON body of every call, after the rule's input transformer.
    dynamic "invocation_http_parameters" {
      for_each = var.authorization.body_key == null ? [] : [var.authorization.body_key]

      content {
        body {
          key             = invocation_http_parameters.value
          value           = var.secret
          is_value_secret = true
        }
      }
    }

    dynamic "basic" {
      for_each = var.authorization.type == "BASIC" ? [var.authorization] : []

      content {
        username = basic.value.username
        password = var.secret
      }
    }

    dynamic "oauth" {
      for_each = var.authorization.type == "OAUTH" ? [var.authorization] : []

      content {
        authorization_endpoint = oauth.value.authorization_endpoint
        http_method            = oauth.value.http_method

        client_parameters {
          client_id     = oauth.value.client_id
          client_secret = var.secret
        }

        oauth_http_parameters {
          dynamic "body" {
            for_each = oauth.value.body

            content {
              key             = body.key
              value           = body.value
              is_value_secret = false
            }
          }
        }
      }
    }
  }

  lifecycle {
    # The real secret is set outside of Terraform, which would put the one it knows back in its place.
    ignore_changes = [
      auth_parameters[0].api_key[0].value,
      auth_parameters[0].invocation_http_parameters[0].body[0].value,
      auth_parameters[0].basic[0].password,
      auth_parameters[0].oauth[0].client_parameters[0].client_secret,
    ]
  }
}

resource "aws_cloudwatch_event_api_destination" "this" {
  name                             = var.name
  connection_arn                   = aws_cloudwatch_event_connection.this.arn
  invocation_endpoint              = var.endpoint_url
  http_method                      = var.http_method
  invocation_rate_limit_per_second = var.rate_limit_per_second
}

module "invoke_role" {
  source = "../invoke-role"

  aws_partition  = var.aws_partition
  aws_region     = var.aws_region
  aws_account_id = var.aws_account_id
  rule_arns      = var.rule_arns
  name           = var.role_name
  statements     = local.statements
}
