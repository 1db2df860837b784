# Where the states of all stacks are kept, when a team shares them. docs/state.md tells how to choose and what it needs.
#
# Copy this file to state.env (mode 0600, git ignores it). An environment's own STATE_ settings win over these. Without
# either, every clone keeps the states of its stacks in infrastructure/stacks.
#
# STATE_BACKEND is one of the engine's backends: local, pg, s3, gcs, azurerm, consul, http, kubernetes, oss, cos. Every
# argument X of that backend is STATE_X. {stack} in a value becomes ENVIRONMENT/PROVIDER; {project}, {environment} and
# {provider} are known, too.

# PostgreSQL. Every stack has a schema of its own there.
#STATE_BACKEND=pg
#STATE_CONN_STR=postgres://USER:PASSWORD@HOST/DATABASE

# S3 and what speaks its language. Without STATE_ACCESS_KEY and STATE_SECRET_KEY the usual chain of credentials is used.
#STATE_BACKEND=s3
#STATE_BUCKET=NAME
#STATE_REGION=REGION

# Any server that stores a state per address, with locks: the web API of a code host, for example.
#STATE_BACKEND=http
#STATE_ADDRESS=https://HOST/state/{stack}
#STATE_LOCK_ADDRESS=https://HOST/state/{stack}/lock
#STATE_UNLOCK_ADDRESS=https://HOST/state/{stack}/lock
#STATE_USERNAME=NAME
#STATE_PASSWORD=PASSWORD
