output "provider" {
  description = "What the provider's module reports, without what is sensitive"
  value       = { for name, value in module.provider : name => value if !issensitive(value) }
}

output "ssh_host_public_key" {
  description = "Public host key of the machine, for known_hosts"
  value       = terraform_data.identity.output.ssh_host_public_key
  sensitive   = true
}

output "preparation" {
  description = "Script that prepares the host, for root; null where user data does that"
  value       = one(terraform_data.preparation[*].output)
}
