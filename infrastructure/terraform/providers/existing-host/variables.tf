variable "vm_name" {
  description = "Name in Landfall; the host keeps its own"
  type        = string
}

variable "vm_memory" {
  description = "MiB; compared with what the host has"
  type        = number
}

variable "vm_vcpus" {
  description = "Count; compared with what the host has"
  type        = number
}

variable "vm_disk_size" {
  description = "GiB; compared with what the host has"
  type        = number
}

variable "data_disk_size" {
  description = "Always 0: the host's disks are what they are"
  type        = number
}

variable "reserve_address" {
  description = "Always false: the address is the host's own"
  type        = bool
}

variable "ssh_public_key" {
  description = "Part of the preparation"
  type        = string
}

variable "user_data" {
  description = "Not used: the host is prepared over SSH"
  type        = string
  sensitive   = true
}

variable "open_ports" {
  description = "Part of the preparation"
  type = list(object({
    protocol    = string
    port        = number
    description = string
    sources     = list(string)
  }))
}

variable "labels" {
  description = "Nothing there takes labels"
  type        = map(string)
}

variable "use_minimal_config" {
  description = "Already part of the preparation"
  type        = bool
}

variable "settings" {
  description = "See provider.yaml"
  type = object({
    address  = string
    host_key = string
    user     = optional(string, "root")
    port     = optional(number, 22)
  })
}
