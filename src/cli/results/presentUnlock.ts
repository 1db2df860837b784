import { exitCodes } from "../../exitCodes.ts";
import type { UnlockResult } from "../../operations/unlockStack.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentUnlock(result: UnlockResult): CommandResult {
  const { lock, removed } = result;
  const held = lock !== undefined && !removed;
  return {
    command: "unlock",
    ok: true,
    data: result,
    text: textOf(result),
    exit: held ? exitCodes.locked : exitCodes.done,
  };
}

function textOf({ stack, place, lock, removed }: UnlockResult): string {
  if (lock === undefined) return `${stack}: nobody holds its state in ${place}`;
  const holder = `${lock.who ?? "somebody"}, since ${lock.created ?? "a time that is not known"}`;
  if (removed) return `${stack}: the lock of ${holder} in ${place} is removed`;
  return [
    `${stack} is held by ${holder} (${lock.operation ?? "operation not known"}), in ${place}`,
    "next: wait; where the holder is certainly not at work any more:",
    `  landfall unlock ${stack} ${lock.id}`,
  ].join("\n");
}
