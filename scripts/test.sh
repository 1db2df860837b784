#!/usr/bin/env bash
# test.sh unit|e2e: installs what these tests need and runs them. The last line is `N passed, N failed`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/prepare.sh development
# The real engine is part of the tests. On standard error, which is not read for counts.
./landfall setup --yes >&2
PATH=$PWD/node_modules/.bin:$PATH exec vitest run --project "$1"
