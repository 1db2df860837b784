# Provider "gcp": machines of Google Cloud. infrastructure/terraform/providers/gcp/README.md tells how to get a project.
#
# gcp.env is made by: landfall configure ENVIRONMENT --provider gcp, which asks for the project. To change something else,
# take the # away in front of a line of that file, or give it with --set KEY=VALUE. What is shown there is the default,
# unless the comment says otherwise.
#
# Credentials do not belong here. They are found as Google's own tools find them: log in once with
#   gcloud auth application-default login
# or let GOOGLE_APPLICATION_CREDENTIALS name the key file of a service account.

# Id of the project (not its name or number): 6 to 30 lower-case letters, digits and dashes.
PROVIDER_GCP_PROJECT=REPLACE_WITH_YOUR_PROJECT_ID

# Where the machine stands, and in which zone of that region. Left out, the zone is the region's first.
#PROVIDER_GCP_REGION=europe-west3
#PROVIDER_GCP_ZONE=europe-west3-a

# Type of the machine. Default: the cheapest that has the memory and processors that the environment asks for
# (landfall compare ENVIRONMENT shows it).
#PROVIDER_GCP_MACHINE_TYPE=e2-medium

# Image that a new machine starts from: PROJECT/FAMILY or PROJECT/IMAGE. On Arm machines -amd64 at the end becomes -arm64.
#PROVIDER_GCP_IMAGE=ubuntu-os-cloud/ubuntu-2404-lts-amd64

# Network, and the subnetwork in the region where the network does not make its own.
#PROVIDER_GCP_NETWORK=default
#PROVIDER_GCP_SUBNETWORK=servers

# Type of new disks: pd-standard, pd-balanced, pd-ssd.
#PROVIDER_GCP_DISK_TYPE=pd-balanced

# Sizes for environments that leave them to the provider (VM_MEMORY=${VM_MEMORY_DEFAULT:-8192}): MiB, number, GiB.
#VM_MEMORY_DEFAULT=4096
#VM_VCPUS_DEFAULT=2
#VM_DISK_SIZE_DEFAULT=20
