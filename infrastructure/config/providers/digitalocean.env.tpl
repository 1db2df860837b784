# Provider "digitalocean": droplets of DigitalOcean. infrastructure/terraform/providers/digitalocean/README.md tells how
# to get a token.
#
# digitalocean.env is made by: landfall configure ENVIRONMENT --provider digitalocean, which asks for the token. To change
# something else, take the # away in front of a line of that file, or give it with --set KEY=VALUE. What is shown there is
# the default, unless the comment says otherwise.
# A secret may also stay where it is kept: KEY=${secret:command:pass show NAME}. See docs/secrets.md.

# Personal access token with the scopes that the README lists: dop_v1_ and 64 digits.
PROVIDER_DIGITALOCEAN_TOKEN=REPLACE_WITH_YOUR_TOKEN

# Where the droplet stands: fra1, ams3, lon1 (Europe), nyc1, nyc3, sfo3, tor1 (North America), sgp1, blr1 (Asia), syd1.
#PROVIDER_DIGITALOCEAN_REGION=fra1

# Type of the droplet. Default: the cheapest that has the memory, processors and disk that the environment asks for
# (landfall compare ENVIRONMENT shows it).
#PROVIDER_DIGITALOCEAN_SIZE=s-1vcpu-2gb

# Image that a new droplet starts from.
#PROVIDER_DIGITALOCEAN_IMAGE=ubuntu-24-04-x64

# Whether a new droplet gets the agent for graphs and alerts in the control panel.
#PROVIDER_DIGITALOCEAN_MONITORING=true

# Sizes for environments that leave them to the provider (VM_MEMORY=${VM_MEMORY_DEFAULT:-8192}): MiB, number, GiB.
#VM_MEMORY_DEFAULT=2048
#VM_VCPUS_DEFAULT=1
#VM_DISK_SIZE_DEFAULT=50
