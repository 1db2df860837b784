variable "vm_name" {
  description = "Name of the instance, also the hostname"
  type        = string
}

variable "vm_memory" {
  description = "MiB; part of the instance type"
  type        = number
}

variable "vm_vcpus" {
  description = "Count; part of the instance type"
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
  description = "Whether the address is an Elastic IP, which outlives the instance"
  type        = bool
}

variable "ssh_public_key" {
  description = "Also made a key pair"
  type        = string
}

variable "user_data" {
  description = "The finished cloud-config"
  type        = string
  sensitive   = true
}

variable "open_ports" {
  description = "Rules of the security group"
  type = list(object({
    protocol    = string
    port        = number
    description = string
    sources     = list(string)
  }))
}

variable "labels" {
  description = "Tags of everything that is made"
  type        = map(string)
}

variable "use_minimal_config" {
  description = "Already part of the user data"
  type        = bool
}

variable "settings" {
  description = "See provider.yaml"
  type = object({
    region        = optional(string, "eu-central-1")
    instance_type = optional(string, "t3.small")
    image_owner   = optional(string, "099720109477")
    image_name    = optional(string, "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-*-server-*")
    subnet_id     = optional(string, "")
    disk_type     = optional(string, "gp3")
  })
}
