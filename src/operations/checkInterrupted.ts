import { AppError } from "../errors.ts";
import type { OperationContext } from "./OperationContext.ts";

/** Called between steps: ends the operation where the user asked to stop. */
export function checkInterrupted(context: OperationContext): void {
  if (!context.interrupt.aborted) return;
  throw new AppError("run.interrupted", "stopped, as asked", {
    hint: "run the same command again: it goes on from here",
  });
}
