# Provider "aws": EC2 instances of Amazon Web Services. infrastructure/terraform/providers/aws/README.md tells which rights
# are needed.
#
# Credentials are not written here: the plugin finds them as the aws command does (aws configure, aws sso login,
# AWS_PROFILE, AWS_ACCESS_KEY_ID and so on). Nothing here has to be set. What is shown is the default, unless the comment
# says otherwise. To change something: landfall configure ENVIRONMENT --provider aws --set KEY=VALUE

# Region of the instance.
#PROVIDER_AWS_REGION=eu-central-1

# Type of the instance. Default: the cheapest that has the memory and processors that the environment asks for
# (landfall compare ENVIRONMENT shows it).
#PROVIDER_AWS_INSTANCE_TYPE=t3.medium

# Image that a new instance starts from: the newest of this owner with this name (* stands for anything).
#PROVIDER_AWS_IMAGE_OWNER=099720109477
#PROVIDER_AWS_IMAGE_NAME=ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-*-server-*

# Subnet of the instance. Default: the default subnet of the default VPC in the region's first zone. With a subnet of
# your own that gives no public addresses, set RESERVE_ADDRESS=true in the environment.
#PROVIDER_AWS_SUBNET_ID=subnet-0123456789abcdef0

# Type of the disks, which are always encrypted.
#PROVIDER_AWS_DISK_TYPE=gp3

# Sizes for environments that leave them to the provider (VM_MEMORY=${VM_MEMORY_DEFAULT:-8192}): MiB, number, GiB.
#VM_MEMORY_DEFAULT=2048
#VM_VCPUS_DEFAULT=2
#VM_DISK_SIZE_DEFAULT=30
