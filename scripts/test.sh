#!/usr/bin/env bash
# test.sh unit|rehearsal|e2e: installs what these tests need and runs them. The last line is `N passed, N failed`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/prepare.sh development
# Tests of logins start an SSH server of their own. Installing the package starts and enables one for everybody, so it
# is only done where nobody is to be asked; elsewhere these tests skip, and say so.
if ! PATH=$PATH:/usr/sbin command -v sshd >/dev/null && [[ ${LANDFALL_YES:-} == true && $EUID == 0 ]]; then
  DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 update >&2
  DEBIAN_FRONTEND=noninteractive apt-get -qy -o DPkg::Lock::Timeout=300 install --no-install-recommends openssh-server >&2
fi
# The real engine is part of the tests. On standard error, which is not read for counts.
./landfall setup --yes >&2
PATH=$PWD/node_modules/.bin:$PATH exec vitest run --project "$1"
