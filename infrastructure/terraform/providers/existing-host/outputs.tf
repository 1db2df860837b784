output "vm_ip" {
  description = "Address of the host"
  value       = terraform_data.host.output.address
}

output "vm_name" {
  description = "What the stack calls it; the host keeps its own name"
  value       = var.vm_name
}

output "login" {
  description = "Who logs in to prepare the host, where its SSH server listens, and which key that server has"
  value = {
    user     = terraform_data.host.output.user
    port     = terraform_data.host.output.port
    host_key = terraform_data.host.output.host_key
  }
}

output "connection_info" {
  description = "How its owner logs in"
  value       = "ssh -p ${terraform_data.host.output.port} ${terraform_data.host.output.user}@${terraform_data.host.output.address}"
}
