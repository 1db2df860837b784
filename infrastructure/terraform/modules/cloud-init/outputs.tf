output "user_data" {
  description = "The finished cloud-config"
  value       = "#cloud-config\n${yamlencode(local.document)}"
  sensitive   = true
}

output "preparation" {
  description = "What brings a host that was there before to where the first boot brings a machine: a script for root, without secrets, that may run again"
  value       = local.preparation
}
