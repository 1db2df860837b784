# User data that every provider hands to its machine. Values are encoded as data, never pasted into text.

locals {
  # Every call of ufw takes seconds on an emulated processor: one rule where everybody may come.
  everybody = ["0.0.0.0/0", "::/0"]
  # The SSH server of a host that was there before may listen elsewhere: its preparation knows where.
  firewall_rules = {
    for use, ssh_port in { first_boot = "22", preparation = "$LANDFALL_SSH_PORT" } : use => flatten([
      for rule in var.open_ports : [
        for port in [rule.port == 22 && rule.protocol == "tcp" ? ssh_port : tostring(rule.port)] : (
          length(setsubtract(local.everybody, rule.sources)) == 0
          ? ["ufw allow ${port}/${rule.protocol}"]
          : [for source in rule.sources : "ufw allow from ${source} to any port ${port} proto ${rule.protocol}"]
        )
      ]
    ])
  }

  login = {
    hostname          = var.vm_name
    preserve_hostname = false
    locale            = "C.UTF-8"
    users = [{
      name                = "torrust"
      gecos               = "Torrust"
      shell               = "/bin/bash"
      lock_passwd         = true
      sudo                = "ALL=(ALL) NOPASSWD:ALL"
      ssh_authorized_keys = [var.ssh_public_key]
    }]
    disable_root = true
    ssh_pwauth   = false
    # With a key given, none is generated: that would cost ten seconds of a first boot.
    ssh_deletekeys = true
    ssh_keys = {
      ed25519_private = var.ssh_host_private_key
      ed25519_public  = var.ssh_host_public_key
    }
  }

  # Before the image's own files: the first value that sshd reads counts.
  ssh_hardening = {
    path        = "/etc/ssh/sshd_config.d/10-landfall.conf"
    permissions = "0644"
    content     = <<-EOT
      PasswordAuthentication no
      KbdInteractiveAuthentication no
      PermitRootLogin no
    EOT
  }

  files = [
    {
      path        = "/etc/sysctl.d/90-torrust.conf"
      permissions = "0644"
      # Room for bursts of a UDP tracker.
      content = <<-EOT
        net.core.rmem_max = 16777216
        net.core.wmem_max = 16777216
        net.core.rmem_default = 1048576
        net.core.wmem_default = 1048576
        net.core.netdev_max_backlog = 5000
        net.core.somaxconn = 4096
      EOT
    },
    {
      path        = "/etc/apt/apt.conf.d/20auto-upgrades"
      permissions = "0644"
      content     = <<-EOT
        APT::Periodic::Update-Package-Lists "1";
        APT::Periodic::Unattended-Upgrade "1";
      EOT
    },
    {
      path        = "/etc/fail2ban/jail.d/sshd.local"
      permissions = "0644"
      content     = <<-EOT
        [sshd]
        enabled = true
        backend = systemd
      EOT
    },
  ]

  # The metadata address holds what the machine was given: a host that was given nothing keeps its own ways.
  first_boot = {
    for use, rules in local.firewall_rules : use => {
      path        = "/usr/local/sbin/landfall-first-boot"
      permissions = "0700"
      content = templatefile("${path.module}/first-boot.sh.tftpl", {
        firewall_rules = rules
        data_disk      = var.data_disk_size > 0
        metadata_guard = use == "first_boot"
      })
    }
  }

  full = merge(local.login, {
    write_files = concat([local.ssh_hardening], local.files, [local.first_boot.first_boot])
    runcmd      = [["/usr/local/sbin/landfall-first-boot"]]
  }, var.data_disk_size > 0 ? {
    mounts = [["LABEL=landfall-data", "/var/lib/torrust", "ext4", "defaults,noatime,nofail,x-systemd.device-timeout=30", "0", "2"]]
  } : {})

  minimal = merge(local.login, {
    write_files = [local.ssh_hardening]
    runcmd = [["touch", "/var/lib/cloud/torrust-setup-complete"]]
  })

  # Both sides as text: a conditional needs one type.
  document = jsondecode(var.use_minimal_config ? jsonencode(local.minimal) : jsonencode(local.full))

  preparation = templatefile("${path.module}/prepare.sh.tftpl", {
    ssh_public_key = var.ssh_public_key
    files          = var.use_minimal_config ? [] : concat(local.files, [local.first_boot.preparation])
    firewall_rules = local.firewall_rules.preparation
    minimal        = var.use_minimal_config
  })
}
