locals {
  written = try(tostring(yamldecode(file(var.filepath)).workflow.name), "")

  # What is put into the name is part of it.
  name = { written = local.written, values = [for key, value in var.substitutions : value if strcontains(local.written, "{{${key}}}")] }
}

# Genesys Cloud tells flows by their names: under another one the file is another flow. Published in place it would leave the
# old one behind, and whatever names the flow by its id would go on with that.
resource "terraform_data" "name" {
  input = local.name
}

resource "genesyscloud_flow" "this" {
  filepath     = var.filepath
  force_unlock = var.force_unlock

  # No substitutions are no map, as the provider reads it back.
  substitutions = length(var.substitutions) == 0 ? null : var.substitutions

  # A changed file is a changed plan, whatever the provider makes of the file itself.
  update_trigger_hash = filesha256(var.filepath)

  lifecycle {
    # The new one is there before the old one goes, so that triggers can turn to it.
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.name]
  }
}
