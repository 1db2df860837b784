variable "vm_name" {
  description = "Name of the domain, also the hostname"
  type        = string
}

variable "vm_memory" {
  description = "MiB"
  type        = number
}

variable "vm_vcpus" {
  description = "Count"
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
  description = "Here every address is a fixed lease, so this is always so"
  type        = bool
}

variable "ssh_public_key" {
  description = "Reaches the machine in the user data"
  type        = string
}

variable "user_data" {
  description = "The finished cloud-config"
  type        = string
  sensitive   = true
}

variable "open_ports" {
  description = "Opened by the firewall of the machine: the network is this computer's own"
  type = list(object({
    protocol    = string
    port        = number
    description = string
    sources     = list(string)
  }))
}

variable "labels" {
  description = "The stack's label names its volumes"
  type        = map(string)
}

variable "use_minimal_config" {
  description = "Already part of the user data"
  type        = bool
}

variable "settings" {
  description = "See provider.yaml; the last nine are filled in by provider.ts"
  type = object({
    uri                 = optional(string, "qemu:///system")
    pool                = optional(string, "user-default")
    network             = optional(string, "default")
    base_image_url      = optional(string, "")
    base_image_checksum = optional(string, "")
    accel               = optional(string, "auto")
    domain_type         = optional(string, "kvm")
    vcpus               = optional(number, 1)
    cpu                 = optional(string, "")
    base_volume         = optional(string, "")
    kernel              = optional(string, "")
    initrd              = optional(string, "")
    mac                 = optional(string, "")
    address             = optional(string, "")
    seed                = optional(string, "seed.iso")
  })
}
