"""A stand-in for the Terraform provider mypurecloud/genesyscloud, for an emulated Genesys Cloud only.

`python -m gcbridge.sandbox.provider` is the plugin that Terraform starts; `install.install_stand_in` puts it
into a filesystem mirror under the real provider's address. COVERAGE.md says where the two differ.
"""

VERSION = "1.84.1"
"""The release of the real provider that this one follows."""
