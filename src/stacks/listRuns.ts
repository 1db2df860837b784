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
  return Promise.all(records.reverse().map(withOutcome));

  async function withOutcome(record: RunRecord): Promise<PastRun> {
    if (record.outcome !== undefined) return { ...record, outcome: record.outcome };
    if (record.host !== ports.machine.hostname) return { ...record, outcome: "not known" };
    // A process that works on the stack has its lock open; another one may have got the same number since.
    if (holders.includes(record.pid)) return { ...record, outcome: "at work" };
    // It may have come to its end between the two looks: its record is written before the lock is let go.
    const now = (await readRunRecord(runRecordFile(join(paths.runs, record.id)), files)) ?? record;
    return { ...now, outcome: now.outcome ?? "cut off" };
  }
}
