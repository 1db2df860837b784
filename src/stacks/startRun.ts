import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Files } from "../ports/Files.ts";
import type { Ports } from "../ports/Ports.ts";
import type { Run, RunRecord } from "./Run.ts";
import { runLogFile } from "./runLogFile.ts";
import { runRecordFile, writeRunRecord } from "./runRecord.ts";
import type { StackPaths } from "./stackPaths.ts";

export type { Run } from "./Run.ts";

/** Older runs are removed when a new one starts. */
const mostRuns = 50;

/** Begins the record of a run; the stack has to be locked. */
export async function startRun(
  paths: StackPaths,
  operation: string,
  { files, clock, machine }: Pick<Ports, "files" | "clock" | "machine">,
): Promise<Run> {
  const started = new Date(clock.now()).toISOString();
  const id = `${started.replaceAll(/[-:.]/g, "")}-${randomBytes(3).toString("hex")}`;
  const directory = join(paths.runs, id);
  await files.makeDirectory(directory);
  const { pid, hostname: host, user } = machine;
  const record: RunRecord = { id, operation, pid, host, user, started };
  await writeRunRecord(runRecordFile(directory), record, files);
  await removeOldRuns(paths, files);
  return { id, operation, directory, events: runLogFile(paths, id), started };
}

async function removeOldRuns(paths: StackPaths, files: Files): Promise<void> {
  const ids = (await files.list(paths.runs)) ?? [];
  for (const id of ids.slice(0, Math.max(0, ids.length - mostRuns))) await files.remove(join(paths.runs, id));
}
