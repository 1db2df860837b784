import { join } from "node:path";
import type { Files } from "../ports/Files.ts";
import type { RunRecord } from "./Run.ts";

export function runRecordFile(directory: string): string {
  return join(directory, "run.json");
}

export async function writeRunRecord(file: string, record: RunRecord, files: Files): Promise<void> {
  await files.write(file, `${JSON.stringify(record, undefined, 2)}\n`);
}

/** Undefined where there is none, or none that can be read. */
export async function readRunRecord(file: string, files: Files): Promise<RunRecord | undefined> {
  try {
    return JSON.parse((await files.read(file)) ?? "") as RunRecord;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
