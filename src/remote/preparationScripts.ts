import { reportMark } from "./firstBootScript.ts";
import { shellQuote } from "./shellQuote.ts";

/** Non-interactive logins find little on their PATH. */
const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH";

const say = `say() { printf '${reportMark}%s\\n' "$*"; }`;

/** Changes nothing, and reports one line: `facts KEY=VALUE ...`. See HostFacts. */
export const lookScript = `
${path}
${say}
say login
os=$(. /etc/os-release 2>/dev/null; printf '%s' "$ID"); version=$(. /etc/os-release 2>/dev/null; printf '%s' "$VERSION_ID")
privilege=none
if [ "$(id -u)" = 0 ]; then privilege=root; elif sudo -n true </dev/null >/dev/null 2>&1; then privilege=sudo; fi
systemd=no; [ -d /run/systemd/system ] && systemd=yes
memory=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)
disk=$(df -Pk / | awk 'NR == 2 { print int($2 / 1048576) }')
set -- \${SSH_CONNECTION:-}
say facts "os=$os version=$version privilege=$privilege systemd=$systemd memory=$memory processors=$(nproc) disk=$disk client=\${1:-} port=\${4:-}"
`;

export interface PreparationRun {
  /** What is run, as root, with the port of the SSH server in LANDFALL_SSH_PORT. */
  script: string;
  /** Every run has its own. A connection with the name of the run that goes on already follows that one. */
  attempt: string;
  /** Where the host keeps script, log and result. */
  directory: string;
}

/**
 * Starts the preparation apart from the connection, so that a lost one does not end it, and follows it. Reports
 *   progress TEXT     twice a second: the step, and what it said last
 *   prepared          at the end
 *   failed STATUS STEP at a bad end, after `log LINE` for the last lines
 */
export function preparationScript({ script, attempt, directory }: PreparationRun): string {
  const encoded = Buffer.from(rootScript({ script, attempt, directory })).toString("base64");
  return `
${path}
as=; [ "$(id -u)" = 0 ] || as="sudo -n"
set -- \${SSH_CONNECTION:-}
printf '%s' '${encoded}' | base64 -d | $as sh -s -- "\${4:-22}"
`;
}

function rootScript({ script, attempt, directory }: PreparationRun): string {
  const own = shellQuote(attempt);
  return `
${path}
umask 077
${say}
mkdir -p ${shellQuote(directory)} && cd ${shellQuote(directory)} || exit 1
begin() {
  printf '%s' '${Buffer.from(script).toString("base64")}' | base64 -d >preparation
  rm -f result
  : >log
  printf '%s' ${own} >attempt
  # The lock is held by what runs, and by nothing that it starts.
  LANDFALL_SSH_PORT=$1 setsid sh -c 'sh ./preparation >log 2>&1 9>&-; printf %s $? >result.new; mv result.new result' \\
    </dev/null >/dev/null 2>&1 9>&9 &
}
step() { sed -n 's/^${reportMark}step //p' log 2>/dev/null | tail -n 1; }
mine() { [ "$(cat attempt 2>/dev/null)" = ${own} ]; }
exec 9>lock
while ! mine || [ ! -e result ]; do
  if flock -n 9; then
    # It may have ended between the two looks.
    if mine && [ -e result ]; then break; fi
    begin "$1"
    exec 9>&-
    exec 9>lock
  fi
  doing=$(step)
  last=$(tail -n 1 log 2>/dev/null | tr -cd '[:print:]' | cut -c1-80)
  case $last in ${reportMark}*) last= ;; esac
  mine || doing="an earlier preparation goes on"
  say progress "$doing\${last:+: $last}"
  sleep 0.5
done
status=$(cat result)
if [ "$status" = 0 ]; then
  say prepared
  exit 0
fi
grep -v '^${reportMark}' log | tail -n 12 | tr -cd '[:print:]\\n' | while IFS= read -r line; do say log "$line"; done
say failed "$status $(step)"
`;
}
