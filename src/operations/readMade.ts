import { join } from "node:path";
import { decodeEngineLine } from "../engine/decodeEngineLine.ts";
import type { Files } from "../ports/Files.ts";
import type { JournalEntry } from "../stacks/JournalEntry.ts";
import type { StackPaths } from "../stacks/stackPaths.ts";

export interface Made {
  address: string;
  /** As the provider names it. */
  id: string;
}

/** What the engine of a run said that it had made. Its events outlive the run; what was in flight is not among them. */
export async function readMade(
  { runs }: Pick<StackPaths, "runs">,
  { run }: JournalEntry,
  files: Pick<Files, "read">,
): Promise<Made[]> {
  const text = (await files.read(join(runs, run, "engine.ndjson"))) ?? "";
  return text
    .split("\n")
    .flatMap(decodeEngineLine)
    .flatMap((event) =>
      event.type === "resource.finished" && event.action === "create" && event.id !== undefined
        ? [{ address: event.address, id: event.id }]
        : [],
    );
}
