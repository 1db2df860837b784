import { identity, trust } from "./sshArguments.ts";
import { shellQuote } from "./shellQuote.ts";
import type { SshTarget } from "./SshTarget.ts";

/** A command that logs in from any shell of this computer, as strict as ours and without what only machines need. */
export function sshCommandLine(target: SshTarget): string {
  const settings = Object.entries({ ...trust(target), ...identity(target) });
  return [
    ...["ssh", "-F", "/dev/null"],
    ...settings.flatMap(([name, value]) => ["-o", `${name}=${value}`]),
    ...(target.port === undefined || target.port === 22 ? [] : ["-p", String(target.port)]),
    `${target.user}@${target.address}`,
  ]
    .map(shellQuote)
    .join(" ");
}
