import { join } from "node:path";
import type { Ports } from "../ports/Ports.ts";
import type { RunRecord } from "./Run.ts";
import { readRunRecord, runRecordFile } from "./runRecord.ts";
import type { StackPaths } from "./stackPaths.ts";

export type RunOutcome = NonNullable<RunRecord["outcome"]> | "at work" | "cut off" | "not known";

export interface PastRun extends Omit<RunRecord, "outcome"> {
  outcome: RunOutcome;
}

/** The runs of a stack that have a record, newest first. */
export async function listRuns(
  paths: Pick<StackPaths, "runs" | "runLock">,
  ports: Pick<Ports, "files" | "processes" | "machine">,
): Promise<PastRun[]> {
  const { files } = ports;
  const records: RunRecord[] = [];
  for (const id of (await files.list(paths.runs)) ?? []) {
    const record = await readRunRecord(runRecordFile(join(paths.runs, id)), files);
    if (record !== undefined) records.push(record);
  }
  const unfinished = records.some(({ outcome }) => outcome === undefined);
  const holders = unfinished ? (await ports.processes.holding(paths.runLock)).map(({ pid }) => pid) : [];
  return records.reverse().map((record) => ({ ...record, outcome: record.outcome ?? outcomeOf(record) }));

  /** A process that works on the stack has its lock open; another one may have got the same number since. */
  function outcomeOf({ pid, host }: RunRecord): RunOutcome {
    if (host !== ports.machine.hostname) return "not known";
    return holders.includes(pid) ? "at work" : "cut off";
  }
}
