# Provider-agnostic root: the same standard inputs for every provider, one module chosen by name.

terraform {
  required_version = ">= 1.12.0"
}

# Kept in the state, so that every clone that can read it can trust the machine and log in.
resource "terraform_data" "identity" {
  input = {
    ssh_public_key       = var.ssh_public_key
    ssh_host_public_key  = var.ssh_host_public_key
    ssh_host_private_key = var.ssh_host_private_key
  }
}

# The type that was chosen when the machine was made, and for what: a newer catalog never resizes a running server.
resource "terraform_data" "machine_type" {
  count = var.machine_type == null ? 0 : 1
  input = var.machine_type
}

module "cloud_init" {
  source = "./modules/cloud-init"

  vm_name              = var.vm_name
  ssh_public_key       = var.ssh_public_key
  ssh_host_private_key = var.ssh_host_private_key
  ssh_host_public_key  = var.ssh_host_public_key
  open_ports           = var.open_ports
  data_disk_size       = var.data_disk_size
  use_minimal_config   = var.use_minimal_config
}

# What a host without user data is to be brought to, over SSH, once it answers.
resource "terraform_data" "preparation" {
  count = var.prepare_over_ssh ? 1 : 0
  input = module.cloud_init.preparation
}

module "provider" {
  source = "./providers/${var.infrastructure_provider}"

  vm_name            = var.vm_name
  vm_memory          = var.vm_memory
  vm_vcpus           = var.vm_vcpus
  vm_disk_size       = var.vm_disk_size
  data_disk_size     = var.data_disk_size
  reserve_address    = var.reserve_address
  ssh_public_key     = var.ssh_public_key
  user_data          = var.user_data == null ? module.cloud_init.user_data : var.user_data
  open_ports         = var.open_ports
  labels             = var.labels
  use_minimal_config = var.use_minimal_config
  settings           = var.settings
}
