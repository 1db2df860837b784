output "user_data" {
  description = "The finished cloud-config"
  value       = "#cloud-config\n${yamlencode(local.document)}"
  sensitive   = true
}
