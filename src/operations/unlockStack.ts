import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { openStack, type OpenStack } from "./openStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { readyStack } from "./readyStack.ts";
import { withRun, type RunContext } from "./withRun.ts";

export interface StateLock {
  id: string;
  /** `user@host`; each part as far as the lock tells. */
  who?: string;
  /** RFC 3339, or as the backend writes it. */
  created?: string;
  operation?: string;
}

export interface UnlockResult {
  stack: string;
  /** The lock that was found; undefined where nobody holds one. */
  lock: StateLock | undefined;
  removed: boolean;
}

/**
 * Shows who holds the shared state of a stack and, given the id of that lock, removes it. What this computer itself
 * locks ends with whoever holds it. Throws AppError `unlock.otherLock`, and `stack.locked` while a run is at work here.
 */
export async function unlockStack(
  options: { stack: string; id: string | undefined; yes: boolean; set: readonly string[] },
  context: OperationContext,
): Promise<UnlockResult> {
  const ready = await readyStack({ ...options, persist: true }, context);
  return withRun(ready.loaded, "unlock", { ...context, waitMs: 0 }, async (run) => {
    const open = await openStack(ready, run);
    const lock = await heldLock(open);
    const stack = open.stack.name;
    if (lock === undefined || options.id === undefined) return { stack, lock, removed: false };
    if (lock.id !== options.id) throw otherLock(stack, lock, options.id);
    await confirm(stack, lock, options.yes, run);
    await open.engine.forceUnlock(lock.id);
    return { stack, lock, removed: true };
  });
}

/** A call that takes the lock and changes nothing is told who has it. */
async function heldLock({ engine }: OpenStack): Promise<StateLock | undefined> {
  try {
    await engine.untaint("terraform_data.nothing_of_this_name");
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError && error.code === "engine.stateLocked")) throw error;
    const lock = readLock(error.problems.map(({ message }) => message).join("\n"));
    if (lock === undefined) throw error;
    return lock;
  }
}

/** Undefined where the backend tells no id: such locks end with their holder's connection. */
function readLock(text: string): StateLock | undefined {
  const field = (name: string): string | undefined => new RegExp(`^\\s*${name}:[ \\t]*(\\S.*)$`, "m").exec(text)?.[1];
  const [id, who, created, operation] = [field("ID"), field("Who"), field("Created"), field("Operation")];
  if (id === undefined) return undefined;
  return {
    id: id.trim(),
    ...(who === undefined ? {} : { who }),
    ...(created === undefined ? {} : { created }),
    ...(operation === undefined ? {} : { operation }),
  };
}

async function confirm(stack: string, lock: StateLock, yes: boolean, { ports }: RunContext): Promise<void> {
  if (yes) return;
  const { terminal } = ports;
  const answer = terminal.interactive
    ? await terminal.ask(`remove the lock of ${lock.who ?? "somebody"}, who may be at work on ${stack}? [y/N] `)
    : undefined;
  if (["y", "yes"].includes(answer?.toLowerCase() ?? "")) return;
  throw new AppError("confirmation.needed", `the lock of ${stack} was left where it is`, {
    hint: "see that its holder is not at work any more, then run the same command with --yes",
    exit: exitCodes.refused,
  });
}

function otherLock(stack: string, { id, who }: StateLock, asked: string): AppError {
  return new AppError(
    "unlock.otherLock",
    `${stack} is locked by ${id}${who === undefined ? "" : ` of ${who}`}, not by ${asked}`,
    { hint: `look again who holds it: landfall unlock ${stack}`, exit: exitCodes.refused },
  );
}
