variable "infrastructure_provider" {
  description = "Name of the provider: a folder in providers/"
  type        = string
}

variable "vm_name" {
  description = "Name of the machine, also its hostname"
  type        = string
}

variable "vm_memory" {
  description = "Memory of the machine, MiB"
  type        = number
}

variable "vm_vcpus" {
  description = "Virtual processors of the machine, count"
  type        = number
}

variable "vm_disk_size" {
  description = "Root disk of the machine, GiB"
  type        = number
}

variable "data_disk_size" {
  description = "Disk that survives replacement of the machine, GiB; 0 means none"
  type        = number
  default     = 0
}

variable "reserve_address" {
  description = "Whether the address survives replacement of the machine"
  type        = bool
  default     = false
}

variable "machine_type" {
  description = "Type of machine that was chosen from the provider's catalog, and the size that was asked for; null where the provider has none"
  type        = any
  default     = null
}

variable "ssh_public_key" {
  description = "Public key, OpenSSH format, that may log in"
  type        = string
}

variable "ssh_host_public_key" {
  description = "Public host key of the machine, OpenSSH format"
  type        = string
}

variable "ssh_host_private_key" {
  description = "Private host key of the machine, OpenSSH format; arrives in the environment"
  type        = string
  sensitive   = true
}

variable "open_ports" {
  description = "What may be reached from outside, SSH included; nothing else may. Sources are CIDR ranges"
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
  description = "Whether first boot only sets up the login, for debugging"
  type        = bool
  default     = false
}

variable "prepare_over_ssh" {
  description = "Whether the provider takes no user data, so that the machine is prepared over SSH"
  type        = bool
  default     = false
}

variable "settings" {
  description = "The provider's own settings; its module types them"
  type        = any
  default     = {}
}

variable "user_data" {
  description = "User data in place of the standard one: what a rehearsal was given for the machine that it boots"
  type        = string
  default     = null
  sensitive   = true
}
