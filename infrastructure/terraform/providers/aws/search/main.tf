# What exists with the labels of one stack; read by findOrphans.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0.0, < 7.0.0"
    }
  }
}

variable "region" {
  description = "Region of the stack"
  type        = string
}

variable "labels" {
  description = "Labels of the stack"
  type        = map(string)
}

provider "aws" {
  region = var.region
}

locals {
  tags = { project = var.labels.project, stack = var.labels.stack }
}

data "aws_instances" "vm" {
  instance_tags        = local.tags
  instance_state_names = ["pending", "running", "stopping", "stopped"]
}

# Names its key pair, which no data source finds by labels.
data "aws_instance" "vm" {
  for_each    = toset(data.aws_instances.vm.ids)
  instance_id = each.value
}

data "aws_security_groups" "firewall" {
  tags = local.tags
}

data "aws_ebs_volumes" "data" {
  tags = merge(local.tags, { role = "data" })
}

data "aws_ebs_volume" "data" {
  for_each = toset(data.aws_ebs_volumes.data.ids)

  filter {
    name   = "volume-id"
    values = [each.value]
  }
}

data "aws_eips" "address" {
  tags = local.tags
}

data "aws_eip" "address" {
  for_each = toset(data.aws_eips.address.allocation_ids)
  id       = each.value
}

output "instances" {
  description = "Ids"
  value       = data.aws_instances.vm.ids
}

output "keys" {
  description = "Names of the instances' key pairs"
  value       = [for instance in data.aws_instance.vm : instance.key_name]
}

output "security_groups" {
  description = "Ids"
  value       = data.aws_security_groups.firewall.ids
}

output "volumes" {
  description = "Ids of data disks"
  value       = data.aws_ebs_volumes.data.ids
}

output "addresses" {
  description = "Allocation ids, each with its association, which is empty without one"
  value       = { for id, address in data.aws_eip.address : id => address.association_id == null ? "" : address.association_id }
}
