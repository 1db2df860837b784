import type { Ports } from "../ports/Ports.ts";
import type { Run, RunRecord } from "./Run.ts";
import { readRunRecord, runRecordFile, writeRunRecord } from "./runRecord.ts";

/** Ends the record of a run. */
export async function finishRun(
  run: Run,
  outcome: NonNullable<RunRecord["outcome"]>,
  { files, clock }: Pick<Ports, "files" | "clock">,
): Promise<void> {
  const file = runRecordFile(run.directory);
  const record = await readRunRecord(file, files);
  if (record === undefined) return;
  const now = clock.now();
  const finished = new Date(now).toISOString();
  await writeRunRecord(file, { ...record, finished, outcome, durationMs: now - Date.parse(run.started) }, files);
}
