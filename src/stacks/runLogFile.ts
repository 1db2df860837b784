import { join } from "node:path";
import type { StackPaths } from "./stackPaths.ts";

/** The log of a run: one event in JSON per line. */
export function runLogFile(paths: Pick<StackPaths, "runs">, id: string): string {
  return join(paths.runs, id, "events.ndjson");
}
