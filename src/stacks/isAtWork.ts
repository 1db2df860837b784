import type { Ports } from "../ports/Ports.ts";
import type { RunRecord } from "./Run.ts";

/** Whether the process of a run that has not ended is there; of one on another computer nobody knows, and it counts as there. */
export async function isAtWork(
  { outcome, host, pid }: RunRecord,
  { files, machine }: Pick<Ports, "files" | "machine">,
): Promise<boolean> {
  if (outcome !== undefined) return false;
  return host !== machine.hostname || (await files.exists(`/proc/${pid}`)) || !(await files.exists("/proc/self"));
}
