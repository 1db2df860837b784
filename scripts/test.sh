#!/usr/bin/env bash
# test.sh unit|fuzz|state|rehearsal|faults|e2e [FILE...]: installs what these tests need and runs them, or those whose file
# has such a name. The last line is `N passed, N failed`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# An environment or a provider that is named here would not be the one that is tested.
if [[ $1 == e2e && (${ENVIRONMENT-development} != development || ${PROVIDER-libvirt} != libvirt) ]]; then
  echo "test-e2e makes environments of its own, on libvirt: ENVIRONMENT and PROVIDER choose nothing here, leave them out" >&2
  exit 2
fi
scripts/prepare.sh development
# What only tests need: an SSH server of their own (installing the package starts and enables one for everybody), Python
# for the clouds' own clients, Hetzner's command line, age and SOPS for encrypted files, strace for what no program may do,
# PostgreSQL (without the server that its package starts for everybody), what makes images of containers from packages, and
# certificates for a certificate authority. Installed only where nobody is to be asked;
# elsewhere the tests that lack something skip, and say so.
wanted=()
if ! PATH=$PATH:/usr/sbin command -v sshd >/dev/null; then wanted+=(openssh-server); fi
if [[ $1 != state && $1 != fuzz ]]; then command -v age >/dev/null || wanted+=(age); fi
if [[ $1 == unit || $1 == rehearsal || $1 == faults ]]; then
  command -v strace >/dev/null || wanted+=(strace)
fi
if [[ $1 == e2e ]]; then
  command -v mmdebstrap >/dev/null || wanted+=(mmdebstrap)
  command -v openssl >/dev/null || wanted+=(openssl)
fi
if [[ $1 == state && ! -d /usr/lib/postgresql ]]; then wanted+=(postgresql); fi
if [[ $1 == rehearsal ]]; then
  python3 -c 'import venv, ensurepip' 2>/dev/null || wanted+=(python3-venv)
  command -v hcloud >/dev/null || wanted+=(hcloud-cli)
fi
if ((${#wanted[@]} > 0)) && [[ ${LANDFALL_YES:-} == true && $EUID == 0 ]]; then
  if [[ ${wanted[*]} == *postgresql* && ! -e /etc/postgresql-common/createcluster.conf ]]; then
    mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  fi
  DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 update >&2
  DEBIAN_FRONTEND=noninteractive apt-get -qy -o DPkg::Lock::Timeout=300 install --no-install-recommends "${wanted[@]}" >&2
fi
if [[ $1 == unit && ${LANDFALL_YES:-} == true ]]; then scripts/buildTestTool.sh sops || echo "sops could not be built" >&2; fi
if [[ $1 == e2e && ${LANDFALL_YES:-} == true ]]; then scripts/buildTestTool.sh pebble || echo "pebble could not be built" >&2; fi
# The real engine is part of the tests. On standard error, which is not read for counts.
./landfall setup --yes >&2
workers=()
# Half of the time these wait: for processes that they kill, disks that have to be sure, plugins that wait for their clouds.
if [[ $1 == unit || $1 == rehearsal ]]; then workers=(--maxWorkers 4); fi
# Memory is cheaper here than time: engine and plugins tidy theirs up less often.
export GOGC=${GOGC:-400}
if [[ $1 == fuzz ]]; then export FUZZ_RUNS=${FUZZ_RUNS:-100000}; fi
# No secret of the tests may be seen anywhere.
PATH=$PWD/node_modules/.bin:$PATH exec node scripts/withoutLeaks.ts vitest run --project "$1" "${workers[@]}" "${@:2}"
