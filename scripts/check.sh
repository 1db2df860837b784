#!/usr/bin/env bash
# Types, lint, format, dead code, the places of the guards; or only the parts that are named. Runs all of them, then fails if one did.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/prepare.sh development

parts=("$@")
if (($# == 0)); then parts=(types lint format dead-code guards); fi
failed=()
for part in "${parts[@]}"; do
  started=$SECONDS
  npm run --silent "$part" || failed+=("$part")
  echo "$part: $((SECONDS - started)) s"
done
if ((${#failed[@]} > 0)); then
  echo "check failed: ${failed[*]}" >&2
  exit 1
fi
