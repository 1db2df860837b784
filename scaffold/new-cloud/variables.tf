# What the root module passes to every provider: these, without defaults, and settings. They stay as they are.

variable "vm_name" {
  description = "Name of the server, also the hostname"
  type        = string
}

variable "vm_memory" {
  description = "Memory, MiB"
  type        = number
}

variable "vm_vcpus" {
  description = "Number of processors"
  type        = number
}

variable "vm_disk_size" {
  description = "Root disk, GiB"
  type        = number
}

variable "data_disk_size" {
  description = "Disk that survives replacement of the server, GiB; 0 means none"
  type        = number
}

variable "reserve_address" {
  description = "Whether the address survives replacement of the server"
  type        = bool
}

variable "ssh_public_key" {
  description = "Key that may log in; user_data brings it already"
  type        = string
}

variable "user_data" {
  description = "The finished cloud-config"
  type        = string
  sensitive   = true
}

variable "open_ports" {
  description = "What may be reached from outside; nothing else is"
  type = list(object({
    protocol    = string
    port        = number
    description = string
    sources     = list(string)
  }))
}

variable "labels" {
  description = "Labels of everything that is made: project, environment, stack, managed_by"
  type        = map(string)
}

variable "use_minimal_config" {
  description = "Already part of user_data"
  type        = bool
}

# TODO: each setting of provider.yaml that is not secret, and nothing else.
variable "settings" {
  description = "See provider.yaml"
  type = object({
    region = optional(string, "north")
  })
}
