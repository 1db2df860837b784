import { shellQuote } from "./shellQuote.ts";

/** A line for the shell on a server: a command of the agent that came with the last deploy. */
export function agentLine(words: readonly string[]): string {
  const place = '"${LANDFALL_AGENT_ROOT:-/var/lib/torrust}/agent/current"';
  const call = `python3 -I ${place} ${words.map(shellQuote).join(" ")}`;
  return `if [ "$(id -u)" = 0 ]; then exec ${call}; else exec sudo -n ${call}; fi`;
}
