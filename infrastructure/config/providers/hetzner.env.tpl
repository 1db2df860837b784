# Provider "hetzner": servers of Hetzner Cloud. infrastructure/terraform/providers/hetzner/README.md tells how to get a token.
#
# hetzner.env is made by: landfall configure ENVIRONMENT --provider hetzner, which asks for the token. To change something
# else, take the # away in front of a line of that file, or give it with --set KEY=VALUE. What is shown there is the
# default, unless the comment says otherwise.
# A secret may also stay where it is kept: KEY=${secret:command:pass show NAME}. See docs/secrets.md.

# API token of the project, with read and write permission: 64 letters and digits.
PROVIDER_HETZNER_TOKEN=REPLACE_WITH_YOUR_TOKEN

# Where the server stands: nbg1, fsn1 (Germany), hel1 (Finland), ash, hil (USA), sin (Singapore).
#PROVIDER_HETZNER_LOCATION=nbg1

# Type of the server. Default: the cheapest that has the memory, processors and disk that the environment asks for
# (landfall compare ENVIRONMENT shows it).
#PROVIDER_HETZNER_SERVER_TYPE=cx23

# Image that a new server starts from.
#PROVIDER_HETZNER_IMAGE=ubuntu-24.04

# Sizes for environments that leave them to the provider (VM_MEMORY=${VM_MEMORY_DEFAULT:-8192}): MiB, number, GiB.
#VM_MEMORY_DEFAULT=4096
#VM_VCPUS_DEFAULT=2
#VM_DISK_SIZE_DEFAULT=40
