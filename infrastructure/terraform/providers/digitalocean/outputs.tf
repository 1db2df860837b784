locals {
  address = var.reserve_address ? one(digitalocean_floating_ip.address[*].ip_address) : digitalocean_droplet.vm.ipv4_address
}

output "vm_ip" {
  description = "IPv4 address: the reserved one, if any"
  value       = local.address
}

output "vm_name" {
  description = "Name of the droplet"
  value       = digitalocean_droplet.vm.name
}

output "vm_id" {
  description = "Id of the droplet"
  value       = digitalocean_droplet.vm.id
}

output "ipv6_address" {
  description = "IPv6 address of the droplet"
  value       = digitalocean_droplet.vm.ipv6_address
}

output "data_disk_id" {
  description = "Volume that holds the data; null without one"
  value       = one(digitalocean_volume.data[*].id)
}

output "connection_info" {
  description = "How to log in"
  value       = "ssh torrust@${local.address}"
}
