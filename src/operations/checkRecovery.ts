import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { ageText } from "../stacks/ageText.ts";
import type { JournalEntry } from "../stacks/JournalEntry.ts";
import { journalOf } from "./journalOf.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";

/** These write, and know nothing of what an earlier run left. */
const stopped = ["refresh", "state move", "state rotate", "migrate"];
/** These recover by themselves. */
const recovering = ["apply", "destroy", "recover"];

/** Stops an operation, or only warns, where an earlier run of the stack did not come to its end. The stack has to be locked. */
export async function checkRecovery(
  loaded: Pick<LoadedStack, "stack" | "paths">,
  operation: string,
  context: OperationContext,
): Promise<void> {
  if (recovering.includes(operation)) return;
  const [entry] = await (await journalOf(loaded, context)).open();
  if (entry === undefined) return;
  if (!stopped.includes(operation)) return warn(loaded.stack.name, entry, context);
  throw dueError(loaded.stack.name, entry, context);
}

/** For what writes, and knows nothing of what an earlier run left. */
export function dueError(stack: string, entry: JournalEntry, context: OperationContext): AppError {
  return new AppError("recovery.due", sentence(stack, entry, context), {
    hint: `landfall recover ${stack}`,
    exit: exitCodes.recovery,
  });
}

/** The oldest run that did not come to its end; undefined where there is none, or one is at work. */
export async function recoveryDue(
  loaded: Pick<LoadedStack, "stack" | "paths">,
  context: OperationContext,
): Promise<JournalEntry | undefined> {
  const [entry] = await (await journalOf(loaded, context)).open();
  if (entry === undefined) return undefined;
  return (await context.ports.processes.holding(loaded.paths.runLock)).length > 0 ? undefined : entry;
}

/** For what only looks at the stack. */
export async function warnOfRecovery(
  loaded: Pick<LoadedStack, "stack" | "paths">,
  context: OperationContext,
): Promise<void> {
  const entry = await recoveryDue(loaded, context);
  if (entry !== undefined) warn(loaded.stack.name, entry, context);
}

function warn(stack: string, entry: JournalEntry, context: OperationContext): void {
  context.ports.emit({
    type: "notice",
    level: "warning",
    code: "recovery.due",
    message: sentence(stack, entry, context),
    hint: `landfall recover ${stack}`,
  });
}

function sentence(stack: string, { operation, started }: JournalEntry, { ports: { clock } }: OperationContext): string {
  if (operation === "state restore")
    return `a former state of ${stack} was put back: what exists has to be compared with it`;
  const age = started === "" ? "" : `, ${ageText(clock.now() - Date.parse(started))} ago,`;
  return `the ${operation} of ${stack}${age} did not come to its end: recovery is due`;
}
