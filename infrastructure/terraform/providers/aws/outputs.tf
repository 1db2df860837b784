locals {
  address = one(concat(aws_eip.address[*].public_ip, var.reserve_address ? [] : [aws_instance.vm.public_ip]))
}

output "vm_ip" {
  description = "IPv4 address; empty where the subnet is private"
  value       = local.address
}

output "ipv6_address" {
  description = "IPv6 address, where the subnet gives one; else null"
  value       = try(aws_instance.vm.ipv6_addresses[0], null)
}

output "vm_name" {
  description = "Name of the instance"
  value       = var.vm_name
}

output "vm_id" {
  description = "Id of the instance"
  value       = aws_instance.vm.id
}

output "data_disk_id" {
  description = "Id of the volume that holds the data; null without one"
  value       = one(aws_ebs_volume.data[*].id)
}

output "connection_info" {
  description = "How to log in"
  value       = "ssh torrust@${local.address}"
}
