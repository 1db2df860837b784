# Provider "libvirt": virtual machines on this computer, or on another one over SSH.
#
# Nothing here has to be set. What is shown is the default, unless the comment says otherwise. To change something:
# landfall configure ENVIRONMENT --provider libvirt --set KEY=VALUE

# Where libvirt runs. Another computer: qemu+ssh://user@host/system
#PROVIDER_LIBVIRT_URI=qemu:///system

# Storage pool and network for the machines. They are made when they are absent, and left alone when they exist.
#PROVIDER_LIBVIRT_POOL=user-default
#PROVIDER_LIBVIRT_NETWORK=default

# The image that machines start from: a URL of a cloud image, a file on this computer, or debian:13, which is built here
# from packages. Default: the Ubuntu 24.04 server cloud image.
#PROVIDER_LIBVIRT_BASE_IMAGE_URL=debian:13

# Checksum of that image: sha256:HEX, or the URL of a SHA256SUMS file. The default image has one.
#PROVIDER_LIBVIRT_BASE_IMAGE_CHECKSUM=

# auto: hardware acceleration where a short probe shows that it works. kvm: insist on it. tcg: software emulation.
#PROVIDER_LIBVIRT_ACCEL=auto

# Sizes for environments that leave them to the provider (VM_MEMORY=${VM_MEMORY_DEFAULT:-8192}): MiB, number, GiB.
#VM_MEMORY_DEFAULT=2048
#VM_VCPUS_DEFAULT=2
#VM_DISK_SIZE_DEFAULT=20
