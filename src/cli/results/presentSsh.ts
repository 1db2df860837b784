import type { SshResult } from "../../operations/sshIntoStack.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

/** What the other side printed was seen already, or is part of the data. */
export function presentSsh(result: SshResult): CommandResult {
  return { command: "ssh", ok: true, data: result, text: "", exit: result.status };
}
