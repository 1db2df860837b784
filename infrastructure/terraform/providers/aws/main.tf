terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0.0, < 7.0.0"
    }
  }
}

provider "aws" {
  region = var.settings.region
}

locals {
  name = "${var.labels.project}-${var.labels.environment}"
  tags = merge(var.labels, { Name = var.vm_name })

  own_subnet = var.settings.subnet_id != ""
  subnet     = local.own_subnet ? data.aws_subnet.own[0] : data.aws_subnet.default[0]
}

data "aws_ec2_instance_type" "type" {
  instance_type = var.settings.instance_type
}

# The newest that fits, when an instance is made.
data "aws_ami" "image" {
  most_recent = true
  owners      = [var.settings.image_owner]

  filter {
    name   = "name"
    values = [var.settings.image_name]
  }

  filter {
    name   = "architecture"
    values = [contains(data.aws_ec2_instance_type.type.supported_architectures, "x86_64") ? "x86_64" : "arm64"]
  }
}

data "aws_subnet" "own" {
  count = local.own_subnet ? 1 : 0
  id    = var.settings.subnet_id
}

# Always the same one: a disk can only follow its instance within one zone.
data "aws_availability_zones" "available" {
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

data "aws_subnet" "default" {
  count             = local.own_subnet ? 0 : 1
  availability_zone = sort(data.aws_availability_zones.available.names)[0]
  default_for_az    = true
}

# The name is made unique: after a lost answer the key is made again, which costs nothing.
resource "aws_key_pair" "key" {
  key_name_prefix = "${local.name}-"
  public_key      = var.ssh_public_key
  tags            = local.tags

  lifecycle {
    ignore_changes = [public_key]
  }
}

# Rules are part of the group, so that what is added by hand is taken out again.
resource "aws_security_group" "firewall" {
  name        = local.name
  description = "Ports of ${var.vm_name}"
  vpc_id      = local.subnet.vpc_id
  tags        = local.tags

  dynamic "ingress" {
    for_each = var.open_ports
    content {
      protocol         = ingress.value.protocol
      from_port        = ingress.value.port
      to_port          = ingress.value.port
      cidr_blocks      = [for source in ingress.value.sources : source if !strcontains(source, ":")]
      ipv6_cidr_blocks = [for source in ingress.value.sources : source if strcontains(source, ":")]
      description      = replace(ingress.value.description, "/[^A-Za-z0-9 ._:/()#,@+=&;{}!$*-]/", " ")
    }
  }

  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }

  lifecycle {
    ignore_changes = [description]
  }
}

resource "aws_instance" "vm" {
  ami                         = data.aws_ami.image.id
  instance_type               = var.settings.instance_type
  subnet_id                   = local.subnet.id
  key_name                    = aws_key_pair.key.key_name
  vpc_security_group_ids      = [aws_security_group.firewall.id]
  user_data                   = var.user_data
  user_data_replace_on_change = false
  tags                        = local.tags

  root_block_device {
    encrypted   = true
    volume_size = var.vm_disk_size
    volume_type = var.settings.disk_type
    tags        = local.tags
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  lifecycle {
    # These count when an instance is made; the plugin would stop or replace it for them, and an import knows none of them.
    ignore_changes = [ami, user_data, user_data_base64, user_data_replace_on_change, key_name, associate_public_ip_address]
  }
}

resource "aws_ebs_volume" "data" {
  count             = var.data_disk_size > 0 ? 1 : 0
  availability_zone = local.subnet.availability_zone
  size              = var.data_disk_size
  type              = var.settings.disk_type
  encrypted         = true
  tags              = merge(local.tags, { Name = "${var.vm_name}-data", role = "data" })
}

resource "aws_volume_attachment" "data" {
  count                          = var.data_disk_size > 0 ? 1 : 0
  device_name                    = "/dev/sdf"
  volume_id                      = aws_ebs_volume.data[0].id
  instance_id                    = aws_instance.vm.id
  stop_instance_before_detaching = true

  lifecycle {
    ignore_changes = [stop_instance_before_detaching]
  }
}

resource "aws_eip" "address" {
  count  = var.reserve_address ? 1 : 0
  domain = "vpc"
  tags   = local.tags
}

resource "aws_eip_association" "address" {
  count         = var.reserve_address ? 1 : 0
  allocation_id = aws_eip.address[0].id
  instance_id   = aws_instance.vm.id
}
