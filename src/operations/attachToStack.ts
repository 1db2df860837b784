import { AppError } from "../errors.ts";
import type { Event, RunFinished } from "../events/Event.ts";
import { exitCodes } from "../exitCodes.ts";
import { listRuns, type PastRun } from "../stacks/listRuns.ts";
import { runLogFile } from "../stacks/runLogFile.ts";
import { stackPaths } from "../stacks/stackPaths.ts";
import type { OperationContext } from "./OperationContext.ts";
import { parseLog } from "./runsOfStack.ts";
import { selectExistingStack } from "./selectExistingStack.ts";

export interface AttachResult {
  stack: string;
  run: PastRun;
  /** How the run ended; undefined where it still goes on and is no longer followed. */
  outcome: RunFinished["outcome"] | undefined;
}

const pauseMs = 200;

/**
 * Follows the run that is at work on a stack, from its beginning, until it ends or the user has seen enough: an
 * interrupt ends the following and not the run. Throws AppError `attach.idle`, `attach.elsewhere` and `attach.cutOff`.
 */
export async function attachToStack(
  { selector }: { selector: string },
  context: OperationContext,
): Promise<AttachResult> {
  const { ports, workspace, interrupt } = context;
  const stack = await selectExistingStack(selector, context);
  const paths = stackPaths(workspace, stack);
  const latest = async (): Promise<PastRun | undefined> => (await listRuns(paths, ports))[0];
  const run = await latest();
  if (run?.outcome === "not known") throw elsewhere(stack.name, run);
  if (run?.outcome === "cut off") throw cutOff(stack.name, run);
  if (run?.outcome !== "at work") throw idle(stack.name);

  const file = runLogFile(paths, run.id);
  let told = 0;
  const follow = async (): Promise<RunFinished | undefined> => {
    const lines = completeLines((await ports.files.read(file)) ?? "");
    const events = parseLog(lines.slice(told)) as Event[];
    told = lines.length;
    for (const event of events) ports.emit(event);
    return events.find((event) => event.type === "run.finished");
  };
  for (;;) {
    // Asked before the log is read: what a run writes last is in it when it has ended.
    const now = (await latest())?.outcome;
    const finished = await follow();
    if (finished !== undefined) return { stack: stack.name, run, outcome: finished.outcome };
    if (now !== "at work") throw cutOff(stack.name, run);
    if (interrupt.aborted) return { stack: stack.name, run, outcome: undefined };
    await ports.clock.sleep(pauseMs);
  }
}

/** The last line may be in the middle of being written. */
function completeLines(text: string): string[] {
  return text.split("\n").slice(0, -1);
}

function idle(stack: string): AppError {
  return new AppError("attach.idle", `no run is at work on ${stack}`, {
    hint: `what it is like: landfall status ${stack}`,
    exit: exitCodes.usage,
  });
}

function elsewhere(stack: string, { host, pid }: PastRun): AppError {
  return new AppError("attach.elsewhere", `the run on ${stack} is process ${pid} on ${host}, not on this computer`, {
    hint: `there: landfall attach ${stack}`,
    exit: exitCodes.usage,
  });
}

function cutOff(stack: string, { operation, pid }: PastRun): AppError {
  return new AppError("attach.cutOff", `the ${operation} of ${stack} was cut off: its process ${pid} is gone`, {
    hint: `landfall recover ${stack}`,
    exit: exitCodes.recovery,
  });
}
