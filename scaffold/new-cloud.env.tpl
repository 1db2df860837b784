# Provider "new-cloud": servers of New Cloud. Its README.md tells how to get a token.
#
# new-cloud.env is made by: landfall configure ENVIRONMENT --provider new-cloud, which asks for the token. To change something
# else, take the # away in front of a line of that file, or give it with --set KEY=VALUE. What is shown there is the default.

# API token with read and write permission.
PROVIDER_NEW_CLOUD_TOKEN=REPLACE_WITH_YOUR_TOKEN

# Where the server stands: north, south.
#PROVIDER_NEW_CLOUD_REGION=north

# Sizes for environments that leave them to the provider (VM_MEMORY=${VM_MEMORY_DEFAULT:-8192}): MiB, number, GiB.
#VM_MEMORY_DEFAULT=2048
#VM_VCPUS_DEFAULT=1
#VM_DISK_SIZE_DEFAULT=20
