#!/usr/bin/env bash
# buildSops.sh: SOPS for the tests, once, in the user's cache: from PATH there is nothing to do, else it is built through the
# Go module proxy (1.5 minutes on two processors). Without Go it says so, and the tests that need it skip.
set -euo pipefail
version=3.13.3
command -v sops >/dev/null && exit
directory=${LANDFALL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/landfall}/test-tools/sops-$version
[[ -x $directory/sops ]] && exit
PATH=$PATH:/usr/local/go/bin:/usr/lib/go/bin
if ! command -v go >/dev/null; then
  echo "no Go: sops cannot be built, and tests that need it are skipped" >&2
  exit
fi
echo "building sops $version for the tests ..." >&2
mkdir -p "$directory"
building=$(mktemp -d "$directory/building.XXXXXX")
trap 'rm -rf "$building"' EXIT
GOBIN=$building GOTOOLCHAIN=auto GOWORK=off CGO_ENABLED=0 \
  go install -trimpath -ldflags="-s -w" "github.com/getsops/sops/v3/cmd/sops@v$version" >&2
mv "$building/sops" "$directory/sops"
