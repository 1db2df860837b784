variable "vm_name" {
  description = "Hostname"
  type        = string
}

variable "ssh_public_key" {
  description = "Public key that may log in as torrust"
  type        = string
}

variable "ssh_host_private_key" {
  description = "Private host key of the machine, OpenSSH format"
  type        = string
  sensitive   = true
}

variable "ssh_host_public_key" {
  description = "Public host key of the machine, OpenSSH format"
  type        = string
}

variable "open_ports" {
  description = "What the firewall lets in, SSH included"
  type = list(object({
    protocol    = string
    port        = number
    description = string
    sources     = list(string)
  }))
}

variable "data_disk_size" {
  description = "GiB; where it is not 0, the file system with the label landfall-data is mounted at /var/lib/torrust"
  type        = number
}

variable "use_minimal_config" {
  description = "Login only"
  type        = bool
}
