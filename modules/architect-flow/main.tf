resource "genesyscloud_flow" "this" {
  filepath     = var.filepath
  force_unlock = var.force_unlock

  # No substitutions are no map, as the provider reads it back.
  substitutions = length(var.substitutions) == 0 ? null : var.substitutions

  # A changed file is a changed plan, whatever the provider makes of the file itself.
  update_trigger_hash = filesha256(var.filepath)
}
