variable "vm_name" {
  description = "Name of the instance, also the hostname"
  type        = string
}

variable "vm_memory" {
  description = "MiB; part of the machine type"
  type        = number
}

variable "vm_vcpus" {
  description = "Count; part of the machine type"
  type        = number
}

variable "vm_disk_size" {
  description = "Root disk, GiB"
  type        = number
}

variable "data_disk_size" {
  description = "Data disk, GiB; 0 means none"
  type        = number
}

variable "reserve_address" {
  description = "Whether the IPv4 address is a static one, which outlives the instance"
  type        = bool
}

variable "ssh_public_key" {
  description = "Also in the instance's metadata, for the guest agent"
  type        = string
}

variable "user_data" {
  description = "The finished cloud-config"
  type        = string
  sensitive   = true
}

variable "open_ports" {
  description = "Rules of the VPC firewall"
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
    project      = optional(string, "")
    region       = optional(string, "europe-west3")
    zone         = optional(string, "")
    machine_type = optional(string, "e2-medium")
    image        = optional(string, "ubuntu-os-cloud/ubuntu-2404-lts-amd64")
    network      = optional(string, "default")
    subnetwork   = optional(string, "")
    disk_type    = optional(string, "pd-balanced")
  })
}
