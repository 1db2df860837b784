#!/usr/bin/env bash
# buildTestTool.sh sops|pebble: a program for the tests, once, in the user's cache: from PATH there is nothing to do, else it
# is built through the Go module proxy (sops 1.5 minutes on two processors, pebble 15 seconds). Without Go it says so, and
# the tests that need it skip.
set -euo pipefail
case $1 in
sops) version=3.13.3 packages=(github.com/getsops/sops/v3/cmd/sops) ;;
pebble) version=2.10.3 packages=(github.com/letsencrypt/pebble/v2/cmd/{pebble,pebble-challtestsrv}) ;;
esac
command -v "$1" >/dev/null && exit
directory=${LANDFALL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/landfall}/test-tools/$1-$version
[[ -x $directory/$1 ]] && exit
PATH=$PATH:/usr/local/go/bin:/usr/lib/go/bin
if ! command -v go >/dev/null; then
  echo "no Go: $1 cannot be built, and tests that need it are skipped" >&2
  exit
fi
echo "building $1 $version for the tests ..." >&2
mkdir -p "$directory"
building=$(mktemp -d "$directory/building.XXXXXX")
trap 'rm -rf "$building"' EXIT
GOBIN=$building GOTOOLCHAIN=auto GOWORK=off CGO_ENABLED=0 \
  go install -trimpath -ldflags="-s -w" "${packages[@]/%/@v$version}" >&2
# The one that is looked for comes last.
for program in $(printf '%s\n' "$building"/* | sort -r); do mv "$program" "$directory/"; done
