terraform {
  required_providers {
    digitalocean = {
      source  = "digitalocean/digitalocean"
      version = ">= 1.22.0, < 3.0.0"
    }
  }
}

locals {
  # Volumes have the strictest names: lower-case letters, digits and hyphens, 64 at most, beginning with a letter.
  prefix = substr(replace(lower("${var.labels.project}-${var.labels.stack}"), "/[^a-z0-9-]/", "-"), 0, 58)

  # Tags are flat words here. Firewalls, SSH keys and addresses have none: a firewall's tags choose its droplets.
  tags = [for key, value in var.labels : replace("${key}:${value}", "/[^A-Za-z0-9:_-]/", "-")]
}

resource "digitalocean_ssh_key" "login" {
  count      = var.settings.ssh_key == "" ? 1 : 0
  name       = local.prefix
  public_key = var.ssh_public_key
}

# Without a file system: the first boot makes one, once.
resource "digitalocean_volume" "data" {
  count  = var.data_disk_size > 0 ? 1 : 0
  name   = "${local.prefix}-data"
  region = var.settings.region
  size   = var.data_disk_size
  tags   = local.tags

  lifecycle {
    # Then a volume that is no longer wanted is detached before it is deleted; attached, it would be refused.
    create_before_destroy = true
  }
}

resource "digitalocean_droplet" "vm" {
  name       = var.vm_name
  region     = var.settings.region
  size       = var.settings.size
  image      = var.settings.image
  ipv6       = true
  monitoring = var.settings.monitoring
  ssh_keys   = var.settings.ssh_key == "" ? digitalocean_ssh_key.login[*].id : [var.settings.ssh_key]
  user_data  = var.user_data
  # Here and not by an attachment, so that the disk is there at the first boot.
  volume_ids = digitalocean_volume.data[*].id
  tags       = local.tags

  lifecycle {
    # These are for new droplets: a change would replace the one that runs.
    ignore_changes = [image, monitoring, ssh_keys, user_data]
  }
}

resource "digitalocean_firewall" "vm" {
  name        = local.prefix
  droplet_ids = [digitalocean_droplet.vm.id]

  dynamic "inbound_rule" {
    for_each = var.open_ports
    content {
      protocol         = inbound_rule.value.protocol
      port_range       = tostring(inbound_rule.value.port)
      source_addresses = inbound_rule.value.sources
    }
  }

  dynamic "outbound_rule" {
    for_each = { tcp = "1-65535", udp = "1-65535", icmp = null }
    content {
      protocol              = outbound_rule.key
      port_range            = outbound_rule.value
      destination_addresses = ["0.0.0.0/0", "::/0"]
    }
  }
}

# The older name of reserved addresses: the only one that version 1 of the plugin knows, and version 2 still does.
# Assigned by itself, not by a digitalocean_floating_ip_assignment: the plugin cannot read one whose address is gone.
resource "digitalocean_floating_ip" "address" {
  count      = var.reserve_address ? 1 : 0
  region     = var.settings.region
  droplet_id = digitalocean_droplet.vm.id
}
