terraform {
  required_providers {
    libvirt = {
      source  = "dmacvicar/libvirt"
      version = ">= 0.8.0, < 0.9.0"
    }
  }
}

provider "libvirt" {
  uri = var.settings.uri
}

locals {
  prefix = "${var.labels.project}-${var.labels.stack}"
  direct = var.settings.kernel != ""
}

resource "libvirt_volume" "root" {
  name             = "${local.prefix}-root.qcow2"
  pool             = var.settings.pool
  format           = "qcow2"
  size             = var.vm_disk_size * 1024 * 1024 * 1024
  base_volume_name = var.settings.base_volume
  base_volume_pool = var.settings.pool

  lifecycle {
    # A newer base image is for new machines.
    ignore_changes = [base_volume_id, base_volume_name, base_volume_pool]
  }
}

resource "libvirt_volume" "data" {
  count  = var.data_disk_size > 0 ? 1 : 0
  name   = "${local.prefix}-data.qcow2"
  pool   = var.settings.pool
  format = "qcow2"
  size   = var.data_disk_size * 1024 * 1024 * 1024
}

# The first-boot disc is made by hand: libvirt_cloudinit_disk now and then hangs for ever.
resource "terraform_data" "seed" {
  input = "${path.root}/${var.settings.seed}"

  provisioner "local-exec" {
    command = <<-EOT
      set -eu
      umask 077
      work=$(mktemp -d)
      trap 'rm -rf "$work"' EXIT
      printf '%s' "$USER_DATA" > "$work/user-data"
      printf '%s' "$META_DATA" > "$work/meta-data"
      genisoimage -quiet -volid cidata -joliet -rock -output "$SEED" "$work/user-data" "$work/meta-data"
    EOT
    environment = {
      USER_DATA = var.user_data
      META_DATA = jsonencode({ "instance-id" = local.prefix, "local-hostname" = var.vm_name })
      SEED      = self.input
    }
  }
}

resource "libvirt_volume" "seed" {
  name   = "${local.prefix}-seed.iso"
  pool   = var.settings.pool
  format = "iso"
  source = terraform_data.seed.output

  lifecycle {
    # Only read at first boot.
    ignore_changes = [source]
  }
}

resource "libvirt_domain" "vm" {
  name      = var.vm_name
  type      = var.settings.domain_type
  memory    = var.vm_memory
  vcpu      = var.settings.vcpus
  autostart = true
  kernel    = local.direct ? var.settings.kernel : null
  initrd    = local.direct ? var.settings.initrd : null
  # A list: in one map, "_" and other keys replace the domain at every plan. The network device keeps its name:
  # cloud-init may look before it would get another.
  cmdline = local.direct ? [
    { root = "LABEL=root", console = "ttyS0", mitigations = "off", "net.ifnames" = "0" },
    { "_" = "ro quiet" },
  ] : []

  cpu {
    mode = var.settings.domain_type == "kvm" ? "host-passthrough" : "maximum"
  }

  disk {
    volume_id = libvirt_volume.root.id
  }

  dynamic "disk" {
    for_each = libvirt_volume.data
    content {
      volume_id = disk.value.id
    }
  }

  disk {
    volume_id = libvirt_volume.seed.id
  }

  network_interface {
    network_name   = var.settings.network
    hostname       = var.vm_name
    mac            = var.settings.mac
    addresses      = [var.settings.address]
    wait_for_lease = false
  }

  console {
    type        = "pty"
    target_port = "0"
    target_type = "serial"
  }

  # What the plugin has no argument for.
  xml {
    xslt = templatefile("${path.module}/domain.xslt.tftpl", { cpu = var.settings.cpu })
  }

  timeouts {
    create = "15m"
  }

  lifecycle {
    # With another root disk it is another machine: the plugin would only put the disk's name into the definition.
    replace_triggered_by = [libvirt_volume.root]

    ignore_changes = [fw_cfg_name, type, console, cpu, xml, kernel, initrd, cmdline, network_interface[0].addresses]
  }
}
