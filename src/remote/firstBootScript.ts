/** Every line that the script writes begins so. */
export const reportMark = "landfall:";

/** How often the script says that it is alive, when it has nothing else to say. */
const heartbeatSeconds = 2;

/**
 * What runs on the machine, as standard input of `sh -s`, until its first boot has finished. It reads what cloud-init
 * writes instead of asking it: its own command starts Python, which costs a slow machine seconds each time. It reports
 *   login             once
 *   status JSON       whenever /run/cloud-init/status.json changed
 *   alive             every two seconds
 *   finished JSON     at the end, with the final status.json
 *   crashed UNITS     where units of cloud-init failed without finishing
 *   none              where cloud-init is absent or switched off
 */
export const firstBootScript = `
run=/run/cloud-init
say() { printf '${reportMark}%s\\n' "$*"; }
say login
last= beat=0 round=0
while :; do
  finished= status=
  [ -e $run/result.json ] && finished=1
  if [ -r $run/status.json ]; then
    while IFS= read -r line || [ -n "$line" ]; do status="$status$line"; done <$run/status.json
  fi
  if [ -n "$finished" ]; then say finished "$status"; exit 0; fi
  if [ -e $run/disabled ]; then say none; exit 0; fi
  if [ ! -d $run ] && ! command -v cloud-init >/dev/null 2>&1; then say none; exit 0; fi
  if [ "$status" != "$last" ]; then say status "$status"; last=$status; fi
  beat=$((beat + 1))
  if [ $beat -ge ${heartbeatSeconds * 4} ]; then say alive; beat=0; fi
  round=$((round + 1))
  if [ $((round % 40)) -eq 20 ]; then
    failed=$(systemctl list-units --failed --plain --no-legend 'cloud-*' 2>/dev/null </dev/null | while read -r unit _; do printf '%s ' "$unit"; done)
    if [ -n "$failed" ] && [ ! -e $run/result.json ]; then say crashed "$failed"; exit 0; fi
  fi
  sleep 0.25
done
`;

/** Only proves that commands can be run. */
export const loginScript = `printf '${reportMark}%s\\n' login\n`;
