# Credentials come from GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET, or GENESYSCLOUD_ACCESS_TOKEN.
# The provider serves integrations from one client, so a pool of tokens would only cost logins.
provider "genesyscloud" {
  aws_region      = "eu-central-1"
  token_pool_size = 1

  dynamic "gateway" {
    for_each = var.genesys_gateway == null ? [] : [var.genesys_gateway]

    content {
      protocol = gateway.value.protocol
      host     = gateway.value.host
      port     = gateway.value.port
    }
  }
}
