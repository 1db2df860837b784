import { AppError } from "../errors.ts";
import { lockStack, type StackLock } from "../stacks/lockStack.ts";
import { checkInterrupted } from "./checkInterrupted.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";

/** How long a stack is waited for that somebody holds. */
function patienceWith(code: string, { waitMs = 0 }: OperationContext): number {
  if (code === "stack.locked") return waitMs;
  return code === "stack.engineAtWork" ? Math.max(waitMs, patienceMs) : 0;
}

/** An engine that nobody watches ends by itself; what takes longer than this needs somebody who looks. */
const patienceMs = 30 * 60_000;

/**
 * Takes the lock of a stack. Where a run was killed and its engine is still at work, waits until that has saved what it
 * did; another run is waited for as long as the user said. Throws AppError `stack.locked`, and `run.interrupted`.
 */
export async function holdStack(
  { stack, paths }: Pick<LoadedStack, "stack" | "paths">,
  operation: string,
  context: OperationContext,
): Promise<StackLock> {
  const { ports } = context;
  const { machine, clock } = ports;
  const started = clock.now();
  const holder = {
    command: `${operation} ${stack.name}`,
    pid: machine.pid,
    host: machine.hostname,
    user: machine.user,
    started: new Date(started).toISOString(),
  };
  let step: { step: string; title: string } | undefined;
  const waited = (): { durationMs: number } => ({ durationMs: clock.now() - started });
  for (;;) {
    try {
      const lock = await lockStack(paths, holder, ports);
      if (step !== undefined) ports.emit({ type: "step.finished", ...step, ...waited() });
      return lock;
    } catch (error) {
      if (!(error instanceof AppError) || clock.now() - started >= patienceWith(error.code, context)) {
        if (step !== undefined) ports.emit({ type: "step.failed", ...step, ...waited(), message: "it is still held" });
        throw error;
      }
      if (step === undefined) {
        const { code, message } = error;
        const until = code === "stack.engineAtWork" ? " until it has saved what it did" : "";
        ports.emit({ type: "notice", level: "warning", code, message: `${message}: waiting${until}` });
        step = { step: "lock", title: `the lock of ${stack.name}` };
        ports.emit({ type: "step.started", ...step });
      }
    }
    await clock.sleep(300);
    checkInterrupted(context);
  }
}
