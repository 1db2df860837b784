import { join } from "node:path";
import { AppError } from "../errors.ts";
import type { PlanSummary } from "../events/Event.ts";
import type { MachineReport, ProviderBehaviour } from "../providers/behaviour.ts";
import type { Provider } from "../providers/Provider.ts";
import { parseStack } from "../stacks/parseStack.ts";
import { stackPaths } from "../stacks/stackPaths.ts";
import { carryOut } from "./carryOut.ts";
import { checkInterrupted } from "./checkInterrupted.ts";
import { confirm, confirmPlan } from "./confirmPlan.ts";
import { appliedProvider, tellOfCopy } from "./findStackProvider.ts";
import { forgetKnownStack } from "./knownStack.ts";
import { listProviders } from "./listProviders.ts";
import type { StackRequest } from "./loadStack.ts";
import { openStack, type OpenStack } from "./openStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { planOpenStack } from "./planOpenStack.ts";
import type { StackOptions } from "./StackOptions.ts";
import { readyStack } from "./readyStack.ts";
import { closeJournal, recoverFirst } from "./recoverFirst.ts";
import { withPatience } from "./withPatience.ts";
import { withRun, type RunContext } from "./withRun.ts";

export interface DestroyResult {
  stack: string;
  /** False where there was nothing. */
  changed: boolean;
  summary: PlanSummary;
  durationMs: number;
}

/** What a provider folder that cannot be used any more ends with. */
const brokenFolder = [
  "provider.behaviour",
  "provider.module",
  "configuration.settingType",
  "engine.initFailed",
  "engine.failed",
];

/**
 * Removes everything that belongs to a stack, and what its plugin leaves behind. Where the provider's folder is broken,
 * the copy that was kept at the last apply does it.
 */
export async function destroyStack(options: StackOptions, context: OperationContext): Promise<DestroyResult> {
  try {
    return await destroyWith({ ...options, persist: true }, context);
  } catch (error) {
    if (!(error instanceof AppError && brokenFolder.includes(error.code))) throw error;
    const stack = parseStack(options.stack).stack;
    const copy = await appliedProvider(stack.provider, stackPaths(context.workspace, stack), context);
    // A failed destroy of a provider that is still what was applied has another reason.
    if (copy === undefined || (await isUnchanged(copy, context))) throw error;
    tellOfCopy(stack.provider, copy, error, context);
    return destroyWith({ ...options, persist: true, fromCopy: true }, context);
  }
}

async function destroyWith(
  request: StackRequest & { yes: boolean },
  context: OperationContext,
): Promise<DestroyResult> {
  const { clock } = context.ports;
  const began = clock.now();
  const ready = await readyStack(request, context);
  return withRun(ready.loaded, "destroy", context, async (run) => {
    const open = await openStack(ready, run);
    checkInterrupted(run);
    await recoverFirst("destroy", open, ready, run);
    const plan = await withPatience(() => planOpenStack(open, { destroy: true }, run), run);
    await confirmPlan("destroy", plan.summary, open, request.yes, run);
    if (plan.changes) {
      await withPatience(async (attempt) => {
        const { changes, summary } =
          attempt === 1 ? plan : await planOpenStack(open, { destroy: true, again: true }, run);
        if (!changes) return closeJournal(open, "recovered", run);
        await carryOut("destroy", summary, open, ready, run);
      }, run);
    } else await confirmCleanUp(open, ready.behaviour, request.yes, run);
    await ready.behaviour.cleanUp?.(open.providerContext);
    await checkNothingIsLeft(open, ready.behaviour);
    await forgetIdentity(open, run);
    return {
      stack: open.stack.name,
      changed: plan.changes,
      summary: plan.summary,
      durationMs: clock.now() - began,
    };
  });
}

/** Whether every file of the copy is the same in the provider's folder. */
async function isUnchanged(copy: Provider, context: OperationContext): Promise<boolean> {
  const { files } = context.ports;
  const now = (await listProviders(context)).providers.find(({ name }) => name === copy.name);
  if (now === undefined) return false;
  const names = (await files.list(copy.folder)) ?? [];
  for (const name of names) {
    const path = join(copy.folder, name);
    if ((await files.status(path))?.kind !== "file") continue;
    if ((await files.read(path)) !== (await files.read(join(now.folder, name)))) return false;
  }
  return true;
}

/** What a provider tidies up without the engine is the stack's as well: where the state knows nothing of it, it is asked for too. */
async function confirmCleanUp(
  open: OpenStack,
  behaviour: ProviderBehaviour,
  yes: boolean,
  run: RunContext,
): Promise<void> {
  if (behaviour.cleanUp === undefined) return;
  const report = await behaviour.inspectMachine?.(open.providerContext);
  const machine = isThere(report) ? [`machine ${open.providerContext.inputs.vm_name}`] : [];
  const left = [...machine, ...(report?.leftovers ?? [])];
  if (left.length === 0 && report?.state === "absent") return;
  const exists = left.length > 0 ? `this exists: ${left.join(", ")}` : "nobody can say what exists";
  run.ports.emit({
    type: "notice",
    level: "warning",
    code: "destroy.unknown",
    message: `the state of ${open.stack.name} knows nothing, and ${exists}. The provider tidies up what it finds`,
  });
  await confirm("destroy", "destroy", open, yes, run);
}

async function checkNothingIsLeft(open: OpenStack, behaviour: ProviderBehaviour): Promise<void> {
  const [report, orphans] = await Promise.all([
    behaviour.inspectMachine?.(open.providerContext),
    behaviour.findOrphans?.(open.providerContext) ?? [],
  ]);
  const left = [...orphans.map(({ title }) => title), ...(report?.leftovers ?? [])];
  if (left.length === 0 && isThere(report)) left.push("the machine");
  if (left.length === 0) return;
  throw new AppError("destroy.leftovers", `after destroying ${open.stack.name} this is left: ${left.join(", ")}`, {
    hint: `run the same command again; if it stays, remove it by hand`,
  });
}

function isThere(report: MachineReport | undefined): boolean {
  return report?.state === "running" || report?.state === "stopped";
}

/** The next machine of this stack is another machine: it gets a host key of its own. */
async function forgetIdentity({ paths }: OpenStack, { ports: { files } }: RunContext): Promise<void> {
  await forgetKnownStack(paths, files);
  const { hostKey, hostKeyPublic, adoptedHostKeys, knownHosts, authorizedKey } = paths;
  for (const path of [hostKey, hostKeyPublic, adoptedHostKeys, knownHosts, authorizedKey]) {
    await files.remove(path);
  }
}
