import { join } from "node:path";
import type { Files } from "../ports/Files.ts";
import type { RunRecord } from "./Run.ts";
import { readRunRecord, runRecordFile } from "./runRecord.ts";
import type { StackPaths } from "./stackPaths.ts";

export type { RunRecord } from "./Run.ts";

/** The newest run that has a record. */
export async function lastRun(paths: StackPaths, files: Files): Promise<RunRecord | undefined> {
  const ids = (await files.list(paths.runs)) ?? [];
  for (const id of ids.toReversed()) {
    const record = await readRunRecord(runRecordFile(join(paths.runs, id)), files);
    if (record !== undefined) return record;
  }
  return undefined;
}
