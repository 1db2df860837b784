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
  return createJournal(places, context.ports.files, (error) => tellOfOneCopy(error, context));
}

/** Where former states of a stack are, the stack's own directory first. */
export async function snapshotPlaces(loaded: Place, context: OperationContext): Promise<string[]> {
  const outside = await outsideOf(loaded, context);
  return [loaded.paths.snapshots, ...(outside === undefined ? [] : [join(outside, "snapshots")])];
}

/** Says that something is kept in one place only. */
export function tellOfOneCopy(error: unknown, { ports }: Pick<OperationContext, "ports">): void {
  ports.emit({
    type: "notice",
    level: "warning",
    code: "journal.oneCopy",
    message: `no second copy of journal and state is kept: ${error instanceof Error ? error.message : String(error)}`,
    hint: "let XDG_STATE_HOME name a directory that can be written",
  });
}

/** The twin of a rehearsal, and what is only tried, keep nothing outside. */
export async function outsideOf(
  { stack }: Place,
  { workspace, ports, rehearsal, trial }: OperationContext,
): Promise<string | undefined> {
  return rehearsal === undefined && trial === undefined ? outsideDirectory(workspace, stack, ports) : undefined;
}
