import type { StackConfiguration } from "../configuration/StackConfiguration.ts";
import { AppError } from "../errors.ts";
import type { Event, RunFinished } from "../events/Event.ts";
import { exitCodes } from "../exitCodes.ts";
import { checkSpace } from "../stacks/checkSpace.ts";
import type { StackLock } from "../stacks/lockStack.ts";
import { finishRun } from "../stacks/finishRun.ts";
import { startRun, type Run } from "../stacks/startRun.ts";
import { checkRecovery } from "./checkRecovery.ts";
import { holdStack } from "./holdStack.ts";
import type { LoadedStack } from "./loadStack.ts";
import { nameHolder } from "./nameHolder.ts";
import type { OperationContext } from "./OperationContext.ts";

export interface RunContext extends OperationContext {
  run: Run;
  lock: StackLock;
}

/**
 * Holds the stack for one operation, keeps its record and log, and lets go whatever happens.
 * Events of the work go to the run's log as well.
 */
export async function withRun<T>(
  loaded: Pick<LoadedStack, "stack" | "paths"> & { configuration?: Pick<StackConfiguration, "state"> },
  operation: string,
  context: OperationContext,
  work: (context: RunContext) => Promise<T>,
): Promise<T> {
  const { ports } = context;
  const { clock, files } = ports;
  await files.makeDirectory(loaded.paths.directory);
  await checkSpace(loaded.paths, files);
  const lock = await holdStack(loaded, operation, context);
  try {
    await checkRecovery(loaded, operation, context);
    const run = await startRun(loaded.paths, operation, ports);
    const log = runLog(run.events, context);
    const emit = (event: Event): void => {
      log.write(event);
      ports.emit(event);
    };
    const started = clock.now();
    emit({ type: "run.started", run: run.id, stack: loaded.stack.name, operation });
    const end = async (outcome: RunFinished["outcome"]): Promise<void> => {
      const durationMs = clock.now() - started;
      emit({ type: "run.finished", run: run.id, stack: loaded.stack.name, operation, outcome, durationMs });
      await log.close();
      await finishRun(run, outcome, ports);
    };
    try {
      const result = await work({ ...context, ports: { ...ports, emit }, run, lock });
      await end("done");
      return result;
    } catch (error) {
      await end(outcomeOf(error, context)).catch(() => undefined);
      throw await nameHolder(error, loaded, ports);
    }
  } finally {
    await lock.release();
  }
}

function outcomeOf(error: unknown, context: OperationContext): RunFinished["outcome"] {
  if (context.interrupt.aborted) return "interrupted";
  return error instanceof AppError && error.exit === exitCodes.refused ? "refused" : "failed";
}

/** Appends events in their order; a log that cannot be written never stops the run. */
function runLog(path: string, { ports }: OperationContext): { write(event: Event): void; close(): Promise<void> } {
  let queue: string[] = [];
  let writing: Promise<void> | undefined;
  const flush = async (): Promise<void> => {
    while (queue.length > 0) {
      const lines = queue.join("");
      queue = [];
      await ports.files.append(path, lines).catch(() => undefined);
    }
    writing = undefined;
  };
  return {
    write(event) {
      queue.push(`${JSON.stringify({ time: new Date(ports.clock.now()).toISOString(), ...event })}\n`);
      writing ??= flush();
    },
    async close() {
      await writing;
    },
  };
}
