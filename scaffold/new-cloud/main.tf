# TODO: the plugin, with an upper bound, and plugin.source in provider.yaml.
#
# terraform {
#   required_providers {
#     newcloud = {
#       source  = "OWNER/newcloud"
#       version = ">= 1.0.0, < 2.0.0"
#     }
#   }
# }

# TODO: in its place the plugin's server, and a firewall that lets var.open_ports through and nothing else. This one is made by
# the engine itself and no machine, so that plans work without a plugin. The server gets user_data = var.user_data: it brings
# the user, the key and the host key.
resource "terraform_data" "machine" {
  input = {
    name   = var.vm_name
    region = var.settings.region
    memory = var.vm_memory
    labels = var.labels
  }
}
