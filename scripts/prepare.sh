#!/usr/bin/env bash
# Brings this tree to where it runs: npm packages, a current Node, the bundle in dist/.
#
#   prepare.sh run ARGUMENTS...   what users need, then Landfall with these arguments
#   prepare.sh development        every npm package, for the checks and tests of this repository
#
# It may be interrupted anywhere and run twice at once: each part is checked again, and is put in place as a whole.
# Progress goes to standard error, or with --json among ARGUMENTS as NDJSON to standard output.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
mode=$1
shift
arguments=("$@")

# As in src/exitCodes.ts.
exit_refused=5
exit_prerequisites=4
# What TypeScript without a build and the bundle are written for.
current_node=24
# The oldest Node that the npm of a supported distribution brings along; it only has to run npm.
oldest_node=18

json=no
yes=no
case ${LANDFALL_YES:-} in "" | 0 | false | no | off) ;; *) yes=yes ;; esac
for argument in "$@"; do
  case $argument in
  --) break ;;
  --json) json=yes ;;
  --yes) yes=yes ;;
  esac
done

interrupted=no
trap 'interrupted=yes' INT TERM

main() {
  hold_lock
  local runtime
  if ! packages_complete; then install_packages; fi
  runtime=$(find_runtime) || fail prepare.noRuntime "no Node $current_node or newer runs on this machine" \
    "install one from https://nodejs.org and run the same command again" "$exit_prerequisites"
  if [[ $mode == development ]]; then return; fi
  require_writable
  if ! step bundle "bundle of Landfall's sources" "$runtime" "$root/scripts/build.mjs" "$runtime"; then
    fail prepare.bundle "Landfall's sources could not be bundled" "see the lines above; git status shows what was changed here"
  fi
  # Not the lock: it belongs to the preparation, and the program would hold it for as long as it runs.
  exec "$root/dist/node" "$root/dist/main.cjs" "${arguments[@]}" {lock}<&-
}

# One preparation of this tree at a time. The lock is on a file that is only read, so it leaves nothing behind.
hold_lock() {
  exec {lock}<"$root/package.json"
  if ! command -v flock >/dev/null || flock --nonblock "$lock"; then return; fi
  notice prepare.waiting "another Landfall prepares this tree; waiting for it"
  flock "$lock"
}

# Node's version as one number, 24.21.0 as 24; fails where PROGRAM is not a Node that runs here.
major_of() { # PROGRAM
  local version
  version=$("$1" -p process.versions.node 2>/dev/null) && [[ $version =~ ^([0-9]+)\. ]] && echo "${BASH_REMATCH[1]}"
}

# The machine's own Node where it is current, else the one among the npm packages.
find_runtime() {
  local candidate major machine
  case $(uname -m) in
  x86_64) machine=x64 ;;
  aarch64 | arm64) machine=arm64 ;;
  *) machine=none ;;
  esac
  while read -r candidate; do
    if [[ -x $candidate ]] && major=$(major_of "$candidate") && ((major >= current_node)); then
      echo "$candidate"
      return
    fi
  # The second package is where npm puts it when Landfall itself is a package of something else.
  done < <(
    type -aP node || true
    echo "$root/node_modules/node-linux-$machine/bin/node"
    echo "$root/../node-linux-$machine/bin/node"
  )
  return 1
}

find_any_node() {
  local candidate major
  find_runtime && return
  while read -r candidate; do
    if major=$(major_of "$candidate") && ((major >= oldest_node)); then
      echo "$candidate"
      return
    fi
  done < <(type -aP node || true)
  return 1
}

packages_complete() {
  local node
  [[ -d $root/node_modules || ! -e $root/package-lock.json ]] || return 1
  node=$(find_any_node) && "$node" "$root/scripts/packagesComplete.mjs" "$mode"
}

install_packages() {
  require_writable
  if ! find_any_node >/dev/null || ! command -v npm >/dev/null; then install_node; fi
  # A developer's packages stay when the ordinary launcher renews them.
  local scope=(--omit=dev)
  if [[ $mode == development || -e $root/node_modules/typescript ]]; then scope=(--include=dev); fi
  if ! step npm "npm packages" npm ci --prefix "$root" "${scope[@]}" --include=optional --ignore-scripts --no-audit --no-fund; then
    fail prepare.npm "the npm packages could not be installed" \
      "see npm's lines above: is the registry reachable (npm ping)? Then run the same command again" "$exit_prerequisites"
  fi
}

install_node() {
  local packages="ca-certificates curl nodejs npm" sudo="" command answer
  if ! command -v apt-get >/dev/null; then
    fail prepare.noNode "Node $oldest_node or newer with npm is missing" \
      "install it from https://nodejs.org and run the same command again" "$exit_prerequisites"
  fi
  if ((EUID != 0)); then sudo="sudo "; fi
  command="${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends $packages"
  local missing="Node $oldest_node or newer with npm is missing"
  if [[ $yes == no ]]; then
    if ! [[ -t 0 && -t 2 ]]; then fail prepare.noNode "$missing" "$command" "$exit_prerequisites"; fi
    printf '%s. It is installed with:\n  %s\nInstall it now? [Y/n] ' "$missing" "$command" >&2
    read -r answer || answer=no
    case $answer in
    "" | y | Y | yes) ;;
    *) fail prepare.declined "nothing was installed, as you said" "$command" "$exit_refused" ;;
    esac
  fi
  if [[ -n $sudo ]] && ! command -v sudo >/dev/null; then
    fail prepare.noNode "$missing, and sudo is missing too" "as root: ${command//sudo /}" "$exit_prerequisites"
  fi
  if ! step node "$missing: $command" env DEBIAN_FRONTEND=noninteractive sh -c "$command"; then
    fail prepare.noNode "$missing and could not be installed" "$command" "$exit_prerequisites"
  fi
  hash -r
  if ! find_any_node >/dev/null || ! command -v npm >/dev/null; then
    fail prepare.oldNode "this distribution's Node is older than $oldest_node, or npm is missing" \
      "install a current one from https://nodejs.org and run the same command again" "$exit_prerequisites"
  fi
}

require_writable() {
  if [[ -w $root ]]; then return; fi
  fail prepare.readOnly "$root is not prepared, and you may not write there" \
    "run once as the owner of that directory: $root/landfall --help" "$exit_prerequisites"
}

# Runs COMMAND with its output in a file, which is shown when it fails.
step() { # NAME TITLE COMMAND...
  local name=$1 title=$2 started=${EPOCHREALTIME/[.,]/} log status=0 milliseconds
  shift 2
  log=$(mktemp "${TMPDIR:-/tmp}/landfall-$name.XXXXXX")
  if [[ $json == yes ]]; then event step.started "$name" "$title" ""; else echo "  $title ..." >&2; fi
  "$@" >"$log" 2>&1 </dev/null || status=$?
  milliseconds=$(((${EPOCHREALTIME/[.,]/} - started) / 1000))
  if [[ $status == 0 && $interrupted == no ]]; then
    rm -f "$log"
    if [[ $json == yes ]]; then event step.finished "$name" "$title" ",\"durationMs\":$milliseconds"; fi
    if [[ $json == no ]]; then printf '  %s: %d.%d s\n' "$title" $((milliseconds / 1000)) $((milliseconds % 1000 / 100)) >&2; fi
    return
  fi
  if [[ $interrupted == yes ]]; then
    rm -f "$log"
    fail prepare.interrupted "interrupted while preparing: $title" "the same command goes on from here" 130
  fi
  if [[ $json == yes ]]; then
    event step.failed "$name" "$title" ",\"durationMs\":$milliseconds,\"message\":\"$(escape "$(excerpt "$log")")\""
  else
    excerpt "$log" >&2
  fi
  return 1
}

# What matters stands first with some programs and last with others.
excerpt() { # LOG
  if (($(wc -l <"$1") <= 30)); then
    cat "$1"
  else
    head -n 15 "$1"
    echo ...
    tail -n 15 "$1"
  fi
  echo "(all of it: $1)"
}

event() { # TYPE STEP TITLE MORE
  printf '{"time":"%s","type":"%s","step":"%s","title":"%s"%s}\n' "$(now)" "$1" "$2" "$(escape "$3")" "$4"
}

notice() { # CODE MESSAGE
  if [[ $json == yes ]]; then
    printf '{"time":"%s","type":"notice","level":"info","code":"%s","message":"%s"}\n' "$(now)" "$1" "$(escape "$2")"
  else
    echo "  $2" >&2
  fi
}

fail() { # CODE SENTENCE NEXT [STATUS]
  if [[ $json == yes ]]; then
    printf '{"time":"%s","type":"result","ok":false,"error":{"code":"%s","message":"%s","hint":"%s","exit":%d,"problems":[]}}\n' \
      "$(now)" "$1" "$(escape "$2")" "$(escape "$3")" "${4:-1}"
  else
    printf 'error: %s\nnext: %s\n' "$2" "$3" >&2
  fi
  exit "${4:-1}"
}

now() { TZ=UTC printf '%(%Y-%m-%dT%H:%M:%SZ)T' -1; }

# A text as the inside of a JSON string.
escape() {
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  text=${text//$'\t'/\\t}
  printf '%s' "$text" | tr -d '\000-\037'
}

main
