# The address is the variable, not the attribute: an imported domain knows none.
output "vm_ip" {
  description = "IPv4 address"
  value       = var.settings.address
}

output "vm_name" {
  description = "Name of the domain"
  value       = libvirt_domain.vm.name
}

output "vm_id" {
  description = "UUID of the domain"
  value       = libvirt_domain.vm.id
}

output "data_disk_id" {
  description = "Volume that holds the data; null without one"
  value       = one(libvirt_volume.data[*].id)
}

output "connection_info" {
  description = "How to reach the console"
  value       = "virsh -c ${var.settings.uri} console ${var.vm_name}"
}
