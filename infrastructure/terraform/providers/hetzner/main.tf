terraform {
  required_providers {
    hcloud = {
      source = "hetznercloud/hcloud"
      # From 1.67.0 on addresses are asked for by location, before 1.58.0 only by data center: README.md, "Limits".
      version = ">= 1.57.0, < 1.67.0"
    }
  }
}

locals {
  name = "${var.labels.project}-${var.labels.environment}"

  # A project holds a public key once. Where another stack brought it already, that one is used.
  key_text  = join(" ", slice(split(" ", trimspace(var.ssh_public_key)), 0, 2))
  same_keys = [for key in data.hcloud_ssh_keys.all.ssh_keys : key if startswith(key.public_key, local.key_text)]
  others    = [for key in local.same_keys : key.id if lookup(key.labels, "stack", "") != var.labels.stack]

  # The API takes addresses by data center, of which each location has one.
  data_centers = { nbg1 = "nbg1-dc3", fsn1 = "fsn1-dc14", hel1 = "hel1-dc2", ash = "ash-dc1", hil = "hil-dc1", sin = "sin-dc1" }
}

data "hcloud_ssh_keys" "all" {}

resource "hcloud_ssh_key" "key" {
  count      = length(local.others) == 0 ? 1 : 0
  name       = local.name
  public_key = local.key_text
  labels     = var.labels
}

resource "hcloud_firewall" "firewall" {
  name   = local.name
  labels = var.labels

  # Where there are rules for one direction, everything else in that direction is closed. Out is open.
  dynamic "rule" {
    for_each = var.open_ports
    content {
      direction   = "in"
      protocol    = rule.value.protocol
      port        = tostring(rule.value.port)
      source_ips  = rule.value.sources
      description = rule.value.description
    }
  }
}

resource "hcloud_primary_ip" "address" {
  count         = var.reserve_address ? 1 : 0
  name          = local.name
  type          = "ipv4"
  assignee_type = "server"
  datacenter    = local.data_centers[var.settings.location]
  auto_delete   = false
  labels        = var.labels

  lifecycle {
    ignore_changes = [datacenter]
  }
}

# Where the server was made. Kept here, because plugins before 1.58.0 find no location in today's answers and would replace
# the server at every apply.
resource "terraform_data" "location" {
  input = var.settings.location

  lifecycle {
    ignore_changes = [input]
  }
}

# Whether the server was made with a primary IP of its own.
resource "terraform_data" "address" {
  input = var.reserve_address

  lifecycle {
    ignore_changes = [input]
  }
}

resource "hcloud_server" "vm" {
  name         = var.vm_name
  server_type  = var.settings.server_type
  image        = var.settings.image
  location     = var.settings.location
  ssh_keys     = concat(hcloud_ssh_key.key[*].id, [for id in local.others : tostring(id)])
  user_data    = var.user_data
  firewall_ids = [hcloud_firewall.firewall.id]
  labels       = var.labels
  # A larger type can be left again for a smaller one.
  keep_disk                = true
  shutdown_before_deletion = true

  dynamic "public_net" {
    for_each = hcloud_primary_ip.address
    content {
      ipv4_enabled = true
      ipv4         = public_net.value.id
      ipv6_enabled = true
    }
  }

  lifecycle {
    # These count when a server is made; the plugin would replace it for them, and an import knows none of them. After an
    # import it takes the address of public_net for one that it made itself, and deletes it.
    ignore_changes = [
      location, public_net, user_data, ssh_keys, image, keep_disk, shutdown_before_deletion, allow_deprecated_images,
      ignore_remote_firewall_ids,
    ]

    precondition {
      condition     = terraform_data.location.output == var.settings.location
      error_message = "A server cannot move to another location: destroy the stack, then apply it there, or set the location back."
    }

    precondition {
      condition     = terraform_data.address.output == var.reserve_address
      error_message = "RESERVE_ADDRESS counts when a server is made: set it back, or destroy the stack and apply it again."
    }
  }
}

resource "hcloud_volume" "data" {
  count    = var.data_disk_size > 0 ? 1 : 0
  name     = "${local.name}-data"
  size     = var.data_disk_size
  location = var.settings.location
  labels   = var.labels
}

resource "hcloud_volume_attachment" "data" {
  count     = var.data_disk_size > 0 ? 1 : 0
  volume_id = hcloud_volume.data[0].id
  server_id = hcloud_server.vm.id
  automount = false
}
