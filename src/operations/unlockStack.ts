import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { lookAtLocks, type StateLock } from "./lookAtLocks.ts";
import type { OperationContext } from "./OperationContext.ts";
import { readyStack } from "./readyStack.ts";
import { withRun, type RunContext } from "./withRun.ts";

export interface UnlockResult {
  stack: string;
  /** Where that lock is, or where all was looked. */
  place: string;
  /** The lock that was found; undefined where nobody holds one. */
  lock: StateLock | undefined;
  removed: boolean;
}

/**
 * Shows who holds the shared state of a stack and, given the id of that lock, removes it. Looks where the configuration
 * says, and where the state was last, so that a lock of a `state move` that was killed is found in both places; where
 * the state belongs is not touched. What this computer itself locks ends with whoever holds it. Throws AppError
 * `unlock.otherLock`, and `stack.locked` while a run is at work here.
 */
export async function unlockStack(
  options: { stack: string; id: string | undefined; yes: boolean; set: readonly string[] },
  context: OperationContext,
): Promise<UnlockResult> {
  const ready = await readyStack({ ...options, persist: true }, context);
  return withRun(ready.loaded, "unlock", { ...context, waitMs: 0 }, async (run) => {
    const stack = ready.loaded.stack.name;
    const { looked, held } = await lookAtLocks(ready, run);
    const [first] = held;
    if (first === undefined) return { stack, place: looked.join(" and "), lock: undefined, removed: false };
    if (options.id === undefined) return { stack, place: first.place, lock: first.lock, removed: false };
    const { place, lock, remove } = held.find((one) => one.lock.id === options.id) ?? first;
    if (lock.id !== options.id) throw otherLock(stack, lock, options.id);
    await confirm(stack, lock, options.yes, run);
    await remove();
    return { stack, place, lock, removed: true };
  });
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
