variable "vm_name" {
  description = "Name of the server, also the hostname"
  type        = string
}

variable "vm_memory" {
  description = "MiB; part of the server type"
  type        = number
}

variable "vm_vcpus" {
  description = "Count; part of the server type"
  type        = number
}

variable "vm_disk_size" {
  description = "Root disk, GiB; part of the server type"
  type        = number
}

variable "data_disk_size" {
  description = "Data disk, GiB; 0 means none"
  type        = number
}

variable "reserve_address" {
  description = "Whether the IPv4 address is a primary IP of its own, which outlives the server"
  type        = bool
}

variable "ssh_public_key" {
  description = "Also put into the project, so that Hetzner sends no password by mail"
  type        = string
}

variable "user_data" {
  description = "The finished cloud-config"
  type        = string
  sensitive   = true
}

variable "open_ports" {
  description = "Rules of the cloud firewall"
  type = list(object({
    protocol    = string
    port        = number
    description = string
    sources     = list(string)
  }))
}

variable "labels" {
  description = "Labels of everything that is made"
  type        = map(string)
}

variable "use_minimal_config" {
  description = "Already part of the user data"
  type        = bool
}

variable "settings" {
  description = "See provider.yaml"
  type = object({
    location    = optional(string, "nbg1")
    server_type = optional(string, "cx23")
    image       = optional(string, "ubuntu-24.04")
  })
}
