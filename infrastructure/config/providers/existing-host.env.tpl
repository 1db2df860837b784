# Provider "existing-host": a host that is already there. infrastructure/terraform/providers/existing-host/README.md
# tells what is done to it, and what is left alone.
#
# existing-host.env is made by: landfall configure ENVIRONMENT --provider existing-host, which asks for what is needed. To
# change something else, take the # away in front of a line of that file, or give it with --set KEY=VALUE. What is shown
# there is the default.
# The file is for all environments. Hosts differ: where there are several, write these into the environment files.

# Address or host name.
PROVIDER_EXISTING_HOST_ADDRESS=REPLACE_WITH_YOUR_ADDRESS

# Public key of its SSH server, so that no other host can take its place. On the host itself, at its console or where you
# log in already: cat /etc/ssh/ssh_host_ed25519_key.pub
PROVIDER_EXISTING_HOST_HOST_KEY=REPLACE_WITH_YOUR_HOST_KEY

# Who logs in to prepare it: root, or a user who may become root without a password. Its authorized_keys has to hold the
# SSH key of this stack.
#PROVIDER_EXISTING_HOST_USER=root

# Port of its SSH server.
#PROVIDER_EXISTING_HOST_PORT=22
