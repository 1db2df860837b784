output "vm_ip" {
  description = "IPv4 address"
  value       = google_compute_instance.vm.network_interface[0].access_config[0].nat_ip
}

output "vm_name" {
  description = "Name of the instance"
  value       = google_compute_instance.vm.name
}

output "vm_id" {
  description = "Number of the instance"
  value       = google_compute_instance.vm.instance_id
}

output "data_disk_id" {
  description = "Path of the disk that holds the data; null without one"
  value       = one(google_compute_disk.data[*].id)
}

output "connection_info" {
  description = "How to log in"
  value       = "ssh torrust@${google_compute_instance.vm.network_interface[0].access_config[0].nat_ip}"
}
