import { AppError } from "../errors.ts";
import { lockStack, type StackLock } from "../stacks/lockStack.ts";
import { checkInterrupted } from "./checkInterrupted.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";

/** An engine that nobody watches ends by itself; what takes longer than this needs somebody who looks. */
const patienceMs = 30 * 60_000;

/**
 * Takes the lock of a stack. Where a run was killed and its engine is still at work, waits until that has saved what it
 * did. Throws AppError `stack.locked` where another run holds it, and `run.interrupted`.
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
  for (let told = false; ; told = true) {
    try {
      return await lockStack(paths, holder, ports);
    } catch (error) {
      const wait = error instanceof AppError && error.code === "stack.engineAtWork";
      if (!wait || clock.now() - started > patienceMs) throw error;
      if (!told) {
        const message = `${error.message}: waiting until it has saved what it did`;
        ports.emit({ type: "notice", level: "warning", code: error.code, message });
      }
    }
    await clock.sleep(300);
    checkInterrupted(context);
  }
}
