output "vm_ip" {
  description = "IPv4 address"
  value       = hcloud_server.vm.ipv4_address
}

output "ipv6_address" {
  description = "IPv6 address"
  value       = hcloud_server.vm.ipv6_address
}

output "vm_name" {
  description = "Name of the server"
  value       = hcloud_server.vm.name
}

output "vm_id" {
  description = "Number of the server"
  value       = hcloud_server.vm.id
}

output "data_disk_id" {
  description = "Number of the volume that holds the data; null without one"
  value       = one(hcloud_volume.data[*].id)
}

output "connection_info" {
  description = "How to log in"
  value       = "ssh torrust@${hcloud_server.vm.ipv4_address}"
}
