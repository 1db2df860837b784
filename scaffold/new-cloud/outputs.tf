# TODO: the server's address. Text that is no address counts as none.
output "vm_ip" {
  description = "IPv4 address"
  value       = "No IP assigned yet"
}

output "vm_name" {
  description = "Name of the server"
  value       = terraform_data.machine.output.name
}

output "vm_id" {
  description = "The cloud's own id of the server"
  value       = terraform_data.machine.id
}

# TODO: "ssh torrust@ADDRESS"
output "connection_info" {
  description = "How to log in"
  value       = "there is no machine yet: see main.tf"
}
