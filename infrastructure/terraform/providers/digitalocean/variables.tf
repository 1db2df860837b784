variable "vm_name" {
  description = "Name of the droplet, also the hostname"
  type        = string
}

variable "vm_memory" {
  description = "MiB; chose settings.size"
  type        = number
}

variable "vm_vcpus" {
  description = "Count; chose settings.size"
  type        = number
}

variable "vm_disk_size" {
  description = "Root disk, GiB; chose settings.size"
  type        = number
}

variable "data_disk_size" {
  description = "Volume, GiB; 0 means none"
  type        = number
}

variable "reserve_address" {
  description = "Whether the droplet is reached by a reserved address, which survives its replacement"
  type        = bool
}

variable "ssh_public_key" {
  description = "With a key on the droplet, DigitalOcean sends no root password by mail; the login is in the user data"
  type        = string
}

variable "user_data" {
  description = "The finished cloud-config"
  type        = string
  sensitive   = true
}

variable "open_ports" {
  description = "What the firewall lets in; nothing else"
  type = list(object({
    protocol    = string
    port        = number
    description = string
    sources     = list(string)
  }))
}

variable "labels" {
  description = "Tags of droplet and volume; project and stack also name everything"
  type        = map(string)
}

variable "use_minimal_config" {
  description = "Already part of the user data"
  type        = bool
}

variable "settings" {
  description = "See provider.yaml; ssh_key is filled in by provider.ts"
  type = object({
    region     = optional(string, "fra1")
    size       = optional(string, "")
    image      = optional(string, "ubuntu-24-04-x64")
    monitoring = optional(bool, true)
    ssh_key    = optional(string, "")
  })
}
