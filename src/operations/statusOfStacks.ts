import { AppError } from "../errors.ts";
import { recoveryDue } from "./checkRecovery.ts";
import { existingStacks } from "./existingStacks.ts";
import { addressIn, readKnownStack } from "./knownStack.ts";
import { loginOf } from "./loginOf.ts";
import type { OperationContext } from "./OperationContext.ts";
import { inspectStack } from "./inspectStack.ts";
import { selectExistingStack } from "./selectExistingStack.ts";
import { listRuns, type PastRun } from "../stacks/listRuns.ts";
import type { JournalEntry } from "../stacks/JournalEntry.ts";
import type { Stack } from "../stacks/Stack.ts";
import { readStateRecord } from "../stacks/stateRecord.ts";
import { stackPaths } from "../stacks/stackPaths.ts";

export interface StackStatus {
  stack: string;
  machine: "absent" | "stopped" | "running" | "unknown";
  detail?: string;
  address?: string;
  ssh: "answers" | "no answer" | "not tried";
  firstBoot: "finished" | "unfinished" | "not known";
  leftovers: readonly string[];
  lastRun?: PastRun;
  /** The run that did not come to its end: `landfall recover`. */
  recovery?: Pick<JournalEntry, "run" | "operation" | "started">;
}

/** What is known of one stack, or of every stack that exists. Changes nothing and runs no engine. */
export async function statusOfStacks(
  options: { selector?: string | undefined },
  context: OperationContext,
): Promise<StackStatus[]> {
  const stacks =
    options.selector === undefined
      ? await existingStacks(context)
      : [await selectExistingStack(options.selector, context)];
  return Promise.all(stacks.map((stack) => statusOfStack(stack, context)));
}

/** How long a machine has to answer on its SSH port. */
const answerMs = { real: 3000, rehearsal: 500 };

/** What such a run has made by now, nobody wrote down. */
const withoutEnd: readonly PastRun["outcome"][] = ["at work", "cut off", "not known"];

async function statusOfStack(stack: Stack, context: OperationContext): Promise<StackStatus> {
  const { files } = context.ports;
  const paths = stackPaths(context.workspace, stack);
  const known = await readKnownStack(paths, files);
  const address = addressIn(known?.outputs ?? {});
  const [inspected, ssh, [last], record, due] = await Promise.all([
    inspectStack(stack, known?.outputs ?? {}, context),
    seeSsh(address, portIn(known?.outputs ?? {}), context),
    listRuns(paths, context.ports),
    readStateRecord(paths, files),
    recoveryDue({ stack, paths }, context),
  ]);
  const shared = record !== undefined && record.backend !== "local";
  const unsettled = due !== undefined || (last !== undefined && withoutEnd.includes(last.outcome));
  // Without the provider's word: nothing known here, where all that was done is known, means that nothing was made.
  const unseen = known === undefined && !shared && !unsettled ? "absent" : "unknown";
  const machine = inspected?.state ?? (known !== undefined && ssh === "answers" ? "running" : unseen);
  return {
    stack: stack.name,
    machine,
    ...(inspected?.detail === undefined ? {} : { detail: inspected.detail }),
    ...(address === undefined ? {} : { address }),
    ssh,
    firstBoot:
      known?.ready !== undefined
        ? "finished"
        : machine === "absent" || (machine === "unknown" && known === undefined)
          ? "not known"
          : "unfinished",
    leftovers: inspected?.leftovers ?? [],
    ...(last === undefined ? {} : { lastRun: last }),
    ...(due === undefined ? {} : { recovery: { run: due.run, operation: due.operation, started: due.started } }),
  };
}

/** Undefined where the module says what is no login: others tell of that, and one stack does not hide the rest. */
function portIn(outputs: Readonly<Record<string, unknown>>): number | undefined {
  try {
    return loginOf(outputs).port ?? 22;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** Mostly nothing is at the address of a rehearsal; a machine that booted has as long as any other to say who it is. */
async function seeSsh(
  address: string | undefined,
  port: number | undefined,
  { ports: { network }, rehearsal }: OperationContext,
): Promise<StackStatus["ssh"]> {
  if (address === undefined || port === undefined) return "not tried";
  if (rehearsal !== undefined) {
    const seen = await network.connect(address, port, answerMs.rehearsal);
    if (typeof seen !== "object") return "no answer";
  }
  const seen = await network.connect(address, port, answerMs.real);
  return typeof seen === "object" && seen.banner.startsWith("SSH-") ? "answers" : "no answer";
}
