import { join } from "node:path";
import { createJournal, type StackJournal } from "../stacks/createJournal.ts";
import { outsideDirectory } from "../stacks/outsideDirectory.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";

type Place = Pick<LoadedStack, "stack" | "paths">;

/** The journal of a stack, with its second copy outside the clone. */
export async function journalOf(loaded: Place, context: OperationContext): Promise<StackJournal> {
  const outside = await outsideOf(loaded, context);
  const places = [loaded.paths.journal, ...(outside === undefined ? [] : [join(outside, "journal")])];
  return createJournal(places, context.ports.files);
}

/** Where former states of a stack are, the stack's own directory first. */
export async function snapshotPlaces(loaded: Place, context: OperationContext): Promise<string[]> {
  const outside = await outsideOf(loaded, context);
  return [loaded.paths.snapshots, ...(outside === undefined ? [] : [join(outside, "snapshots")])];
}

/** The twin of a rehearsal keeps nothing outside; nor does a user whose home cannot be written. */
async function outsideOf(
  { stack }: Place,
  { workspace, ports, rehearsal }: OperationContext,
): Promise<string | undefined> {
  if (rehearsal !== undefined) return undefined;
  const directory = await outsideDirectory(workspace, stack, ports);
  try {
    await ports.files.makeDirectory(directory);
    return directory;
  } catch (error) {
    ports.emit({
      type: "notice",
      level: "warning",
      code: "journal.oneCopy",
      message: `no second copy of journal and state is kept: ${(error as Error).message}`,
      hint: "let XDG_STATE_HOME name a directory that can be written",
    });
    return undefined;
  }
}
