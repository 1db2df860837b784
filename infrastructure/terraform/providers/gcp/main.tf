terraform {
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 4.0.0, < 8.0.0"
    }
  }
}

provider "google" {
  project = var.settings.project
  region  = var.settings.region
  zone    = local.zone
}

locals {
  # provider.ts finds things by the same names.
  name   = trim(substr(lower(replace("${var.labels.project}-${var.labels.environment}", "/[^0-9A-Za-z-]+/", "-")), 0, 52), "-")
  labels = { for key, value in var.labels : key => substr(lower(replace(value, "/[^0-9A-Za-z_-]+/", "-")), 0, 63) }
  # For what takes no labels.
  owner = join(", ", [for key in sort(keys(local.labels)) : "${key}=${local.labels[key]}"])

  # Two regions have no zone a; that of Singapore has no Arm machines.
  first_zones = { europe-west1 = "b", us-east1 = "b", asia-southeast1 = "b" }
  zone        = var.settings.zone != "" ? var.settings.zone : "${var.settings.region}-${lookup(local.first_zones, var.settings.region, "a")}"

  arm   = length(regexall("^(t2a|c4a|n4a)-", var.settings.machine_type)) > 0
  image = local.arm ? replace(var.settings.image, "/-amd64$/", "-arm64") : var.settings.image

  # IPv4 only: the instance has no other address, and one rule cannot have sources of both kinds.
  sources = {
    for rule in var.open_ports : "${rule.protocol}-${rule.port}" =>
    [for source in rule.sources : source if !strcontains(source, ":")]...
  }
  descriptions = { for rule in var.open_ports : "${rule.protocol}-${rule.port}" => rule.description... }
  rules = {
    for key, lists in local.sources : key => {
      protocol    = split("-", key)[0]
      port        = split("-", key)[1]
      sources     = distinct(flatten(lists))
      description = local.descriptions[key][0]
    } if length(flatten(lists)) > 0
  }
}

resource "google_compute_firewall" "allow" {
  for_each      = local.rules
  name          = "${local.name}-${each.key}"
  description   = "${each.value.description} (${local.owner})"
  network       = var.settings.network
  direction     = "INGRESS"
  priority      = 900
  source_ranges = each.value.sources
  target_tags   = [local.name]

  allow {
    protocol = each.value.protocol
    ports    = [each.value.port]
  }
}

# The default network lets SSH, RDP, ICMP and everything from inside in, to every instance; the usual priority of other
# rules is 1000. A rule that comes before them closes this instance.
resource "google_compute_firewall" "deny" {
  name          = "${local.name}-deny"
  description   = "Everything that no rule of this stack lets in (${local.owner})"
  network       = var.settings.network
  direction     = "INGRESS"
  priority      = 950
  source_ranges = ["0.0.0.0/0"]
  target_tags   = [local.name]

  deny {
    protocol = "all"
  }
}

resource "google_compute_address" "address" {
  count       = var.reserve_address ? 1 : 0
  name        = local.name
  description = local.owner
  region      = var.settings.region
}

resource "google_compute_disk" "data" {
  count  = var.data_disk_size > 0 ? 1 : 0
  name   = "${local.name}-data"
  type   = var.settings.disk_type
  size   = var.data_disk_size
  zone   = local.zone
  labels = local.labels

  lifecycle {
    # Another type would be another, empty disk. Labels never change, and current plugins do not import them.
    ignore_changes = [type, labels]
  }
}

resource "google_compute_instance" "vm" {
  name                      = var.vm_name
  machine_type              = var.settings.machine_type
  zone                      = local.zone
  tags                      = [local.name]
  labels                    = local.labels
  allow_stopping_for_update = true
  # A change of the type stops the instance; where that fails half-way, the next apply starts it again.
  desired_status = "RUNNING"

  boot_disk {
    initialize_params {
      image  = local.image
      size   = var.vm_disk_size
      type   = var.settings.disk_type
      labels = local.labels
    }
  }

  dynamic "attached_disk" {
    for_each = google_compute_disk.data
    content {
      source      = attached_disk.value.self_link
      device_name = "data"
    }
  }

  network_interface {
    network    = var.settings.network
    subnetwork = var.settings.subnetwork == "" ? null : var.settings.subnetwork

    access_config {
      nat_ip = one(google_compute_address.address[*].address)
    }
  }

  metadata = {
    ssh-keys               = "torrust:${trimspace(var.ssh_public_key)}"
    user-data              = var.user_data
    block-project-ssh-keys = "TRUE"
    enable-oslogin         = "FALSE"
  }

  lifecycle {
    # These count when an instance is made: the plugin would change it, or make another one, for them.
    ignore_changes = [
      metadata, labels, boot_disk[0].initialize_params[0].image, boot_disk[0].initialize_params[0].type,
      boot_disk[0].initialize_params[0].labels,
    ]

    precondition {
      condition     = startswith(local.zone, "${var.settings.region}-")
      error_message = "The zone ${local.zone} is not in the region ${var.settings.region}."
    }
  }
}
