import { AppError } from "../errors.ts";
import type { Event } from "../events/Event.ts";
import { exitCodes } from "../exitCodes.ts";
import { listRuns, type PastRun } from "../stacks/listRuns.ts";
import { listStacks } from "../stacks/listStacks.ts";
import type { Stack } from "../stacks/Stack.ts";
import { runLogFile } from "../stacks/runLogFile.ts";
import { stackPaths } from "../stacks/stackPaths.ts";
import { warnOfRecovery } from "./checkRecovery.ts";
import type { OperationContext } from "./OperationContext.ts";
import { selectExistingStack } from "./selectExistingStack.ts";

export interface StackRuns {
  stack: string;
  runs: readonly (PastRun & { log: string })[];
}

export interface RunReport {
  stack: string;
  run: PastRun;
  events: readonly LoggedEvent[];
  /** Absolute; each of `runs` has one, too. */
  log: string;
}

export type LoggedEvent = Event & { time: string };

/** The runs of one stack, newest first. */
export async function runsOfStack(selector: string, context: OperationContext): Promise<StackRuns> {
  const stack = await selectExistingStack(selector, context);
  const paths = stackPaths(context.workspace, stack);
  await warnOfRecovery({ stack, paths }, context);
  const runs = await listRuns(paths, context.ports);
  return { stack: stack.name, runs: runs.map((run) => ({ ...run, log: runLogFile(paths, run.id) })) };
}

/** One run: of the stack that is named, else of whichever has it. The beginning of an id suffices where it is the only one. */
export async function showRun(
  { selector, id }: { selector: string | undefined; id: string },
  context: OperationContext,
): Promise<RunReport> {
  const { files } = context.ports;
  const stacks =
    selector === undefined
      ? await listStacks(context.workspace, files)
      : [await selectExistingStack(selector, context)];
  const found: { stack: Stack; run: PastRun }[] = [];
  for (const stack of stacks) {
    const runs = await listRuns(stackPaths(context.workspace, stack), context.ports);
    found.push(...runs.filter((run) => run.id.startsWith(id)).map((run) => ({ stack, run })));
  }
  const [only, ...more] = found;
  if (only === undefined) throw unknownRun(id, selector);
  if (more.length > 0) throw ambiguousRun(id, found);
  const paths = stackPaths(context.workspace, only.stack);
  await warnOfRecovery({ stack: only.stack, paths }, context);
  const log = runLogFile(paths, only.run.id);
  return { stack: only.stack.name, run: only.run, events: parseLog(((await files.read(log)) ?? "").split("\n")), log };
}

/** A run that was killed, or a full disk, may have left half a line. */
export function parseLog(lines: readonly string[]): LoggedEvent[] {
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as LoggedEvent];
    } catch {
      return [];
    }
  });
}

function unknownRun(id: string, selector: string | undefined): AppError {
  return new AppError("runs.unknown", `there is no run ${id}${selector === undefined ? "" : ` of ${selector}`}`, {
    hint: `landfall runs ${selector ?? "STACK"} lists them; only the newest are kept`,
    exit: exitCodes.usage,
  });
}

function ambiguousRun(id: string, found: readonly { stack: Stack; run: PastRun }[]): AppError {
  return new AppError("runs.ambiguous", `${found.length} runs begin with ${id}`, {
    hint: "give more of the id",
    exit: exitCodes.usage,
    problems: found.map(({ stack, run }) => ({ message: `${run.id} (${run.operation} of ${stack.name})` })),
  });
}
