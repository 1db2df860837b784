# Environment "development": a server to try things on.
#
# development.env is made from development.env.tpl, with generated secrets, by the first command that uses this environment.
# After that it is yours to edit. When the template has gained something: landfall configure development
#
# How to write values: KEY=VALUE, one a line. '...' is literal; "..." knows \n, \" and \$; ${OTHER} and ${OTHER:-default}
# insert another value. Nothing is executed. Every value can be replaced for one call: --set VM_MEMORY=4096
# A secret may also stay where it is kept: KEY=${secret:command:pass show NAME}. See docs/secrets.md.

# The environment's own name; it has to match the name of the file.
ENVIRONMENT=development

# --- Server -------------------------------------------------------------------------------------------------------

# Name of the server, also its host name: lower-case letters, digits and dashes, at most 63.
VM_NAME=torrust-tracker-dev

# Memory in MiB, at least 256.
VM_MEMORY=2048

# Number of processors.
VM_VCPUS=2

# Root disk in GiB.
VM_DISK_SIZE=20

# Disk in GiB that survives replacement of the server and holds the application's data. 0: none.
#DATA_DISK_SIZE=0

# Whether the server's address survives its replacement.
#RESERVE_ADDRESS=false

# What can be reached from outside besides SSH, and who may reach SSH (ranges in CIDR notation).
#OPEN_PORTS=80/tcp,443/tcp,7070/tcp,6868/udp,6969/udp
#SSH_ALLOWED_FROM=0.0.0.0/0,::/0

# Protected environments are destroyed only after the stack's name was typed.
#PROTECTED=false

# true: the smallest first boot, login only, to find out why the full one fails.
USE_MINIMAL_CONFIG=false

# Public key that may log in, as one line "ssh-ed25519 AAAA... name". Left out: the first of torrust_rsa.pub, id_rsa.pub,
# id_ed25519.pub and id_ecdsa.pub in ~/.ssh; where there is none, a key is made for the stack.
#SSH_PUBLIC_KEY='ssh-ed25519 AAAA... name'

# Private key that belongs to it, if ssh does not find it by itself.
#SSH_PRIVATE_KEY_FILE=~/.ssh/id_ed25519

# --- Database -----------------------------------------------------------------------------------------------------

MYSQL_ROOT_PASSWORD=REPLACE_WITH_SECURE_ROOT_PASSWORD
MYSQL_DATABASE=torrust_tracker
MYSQL_USER=torrust
MYSQL_PASSWORD=REPLACE_WITH_SECURE_PASSWORD

# --- Application --------------------------------------------------------------------------------------------------

# Token of the tracker's administration API, and password of the user admin in Grafana.
TRACKER_ADMIN_TOKEN=REPLACE_WITH_SECURE_TOKEN
GF_SECURITY_ADMIN_PASSWORD=REPLACE_WITH_SECURE_GRAFANA_PASSWORD

# Domain of the server, the address that the certificate authority writes to, and whether to use HTTPS.
DOMAIN_NAME=test.local
CERTBOT_EMAIL=test@test.local
ENABLE_SSL=true

# Directory of the authority that issues the certificate. internal: the proxy issues it itself, and no browser trusts it.
# Left out: Let's Encrypt. To try first: https://acme-staging-v02.api.letsencrypt.org/directory
ACME_DIRECTORY=internal

# Root certificate of a private authority (PEM, \n for its line ends); --set ACME_CA_CERTIFICATE=@FILE reads it from a file.
#ACME_CA_CERTIFICATE="-----BEGIN CERTIFICATE-----\n..."

# Daily backups of the database, kept for this many days.
ENABLE_DB_BACKUPS=true
BACKUP_RETENTION_DAYS=3

# Number of the user on the server that the application runs as.
USER_ID=1000
