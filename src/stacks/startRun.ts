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
  const now = clock.now();
  const started = new Date(now).toISOString();
  const earlier = [paths.runs, paths.journal].map(async (place) => (await files.list(place)) ?? []);
  const newest = Math.max(0, ...(await Promise.all(earlier)).flat().map(timeOf));
  // What counts as the newest is told by ids, whatever the clock says now or said once.
  const stamp = new Date(Math.max(now, newest + 1)).toISOString();
  const id = `${stamp.replaceAll(/[-:.]/g, "")}-${randomBytes(3).toString("hex")}`;
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

/** Of a run's id, in ms; 0 where it is none. */
function timeOf(id: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-/.exec(id)?.slice(1).map(Number);
  if (parts === undefined) return 0;
  const [year = 0, month = 1, ...others] = parts;
  return Date.UTC(year, month - 1, ...others);
}
