import type { PlanSummary } from "../events/Event.ts";
import type { PhaseTiming } from "../remote/waitForMachine.ts";
import type { SavedPlan } from "../stacks/SavedPlan.ts";
import { saveAppliedTree } from "../stacks/saveAppliedTree.ts";
import { adoptOrphans } from "./adoptOrphans.ts";
import { carryOut } from "./carryOut.ts";
import { checkInterrupted } from "./checkInterrupted.ts";
import { confirmPlan } from "./confirmPlan.ts";
import { acceptHostKey, hostKeyUnknown } from "./hostKeyUnknown.ts";
import { hostPreparation } from "./hostPreparation.ts";
import { deniedThings } from "./deniedThings.ts";
import { isOn } from "./isOn.ts";
import { journalOf } from "./journalOf.ts";
import { addressIn, markUnfinished, writeKnownStack } from "./knownStack.ts";
import { openStack, type OpenStack } from "./openStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { planOpenStack, type StackPlan } from "./planOpenStack.ts";
import { readOutputs } from "./readOutputs.ts";
import { readyStack, type ReadyStack } from "./readyStack.ts";
import {
  checkSearchable,
  closeJournal,
  recoverFirst,
  searchBeforeMaking,
  undecided,
  undecidedError,
} from "./recoverFirst.ts";
import type { StackOptions } from "./StackOptions.ts";
import { sshTarget } from "./sshTarget.ts";
import { planOutdated, takePlan, usePlan } from "./takePlan.ts";
import { tellOfNameless } from "./tellOfNameless.ts";
import { forgetFormerMachine, trustMachine, trustNextMachine } from "./trustMachine.ts";
import { waitForStack } from "./waitForStack.ts";
import { withPatience } from "./withPatience.ts";
import { withRun, type RunContext } from "./withRun.ts";

export interface ApplyOptions extends StackOptions {
  skipWait: boolean;
  /** Apply this one instead of what would be planned now. */
  plan?: SavedPlan | undefined;
}

export interface ApplyResult {
  stack: string;
  run: string;
  changed: boolean;
  vmName: string;
  address: string | undefined;
  /** A command that logs in, ready to copy. */
  ssh: string | undefined;
  /** False where waiting was skipped before the machine had answered. */
  ready: boolean;
  /** Whether this was done to the stack's twin. */
  rehearsal: boolean;
  summary: PlanSummary;
  outputs: Record<string, unknown>;
  phases: readonly { phase: string; durationMs: number }[];
  durationMs: number;
}

/** Prepares this computer, plans, has the plan confirmed, applies exactly that plan and waits for the machine. */
export async function applyStack(options: ApplyOptions, context: OperationContext): Promise<ApplyResult> {
  const { clock } = context.ports;
  const phases: { phase: string; durationMs: number }[] = [];
  const began = clock.now();
  const timed = async <T>(phase: string, work: Promise<T>): Promise<T> => {
    const started = clock.now();
    const result = await work;
    phases.push({ phase, durationMs: clock.now() - started });
    return result;
  };

  const ready = await timed("preparation", readyStack({ ...options, persist: true, forService: true }, context));

  return withRun(ready.loaded, "apply", context, async (run) => {
    const open = await timed("stack directory", openStack(ready, run));
    checkInterrupted(run);
    const searched = await recoverFirst("apply", open, ready, run);
    const makePlan = (): Promise<StackPlan> =>
      options.plan === undefined
        ? withPatience(() => planOpenStack(open, {}, run), run)
        : takePlan(options.plan, open, run);
    let plan = await timed("plan", makePlan());
    const unsearched = !searched || deniedThings(plan.summary, open).length > 0;
    if (unsearched && (await searchBeforeMaking(plan.summary, open, ready, run))) {
      if (options.plan !== undefined) throw planOutdated(open.stack.name);
      plan = await makePlan();
    }
    if (plan.changes) {
      await confirmPlan("apply", plan.summary, open, options.yes, run);
      if (options.plan !== undefined) await usePlan(options.plan, open, run);
      if (keepsReadiness(plan.summary, open) === undefined) await markUnfinished(open.paths, run.ports.files);
      const makes = makesMachine(plan.summary);
      if (makes) await trustNextMachine(open, run.ports.files);
      if (stopsMachine(plan.summary)) await ready.behaviour.stopMachine?.(open.providerContext);
      await timed("apply", applyPatiently(plan.summary, ready, open, options.yes, run));
      if (makes) await forgetFormerMachine(open, run.ports.files);
    }
    const outputs = plan.changes || open.known === undefined ? await readOutputs(open) : open.known.outputs;
    await trustMachine(open, outputs, run.ports.files);
    const host = await hostPreparation(open, outputs, run.ports.emit);
    const isPrepared = host?.digest === open.known?.prepared;
    const wasReady = isPrepared ? (plan.changes ? keepsReadiness(plan.summary, open) : open.known?.ready) : undefined;
    const prepared = wasReady === undefined ? undefined : open.known?.prepared;
    await writeKnownStack(
      open.paths,
      {
        outputs,
        ...(wasReady === undefined ? {} : { ready: wasReady }),
        ...(prepared === undefined ? {} : { prepared }),
      },
      run.ports.files,
    );
    const simulated = ready.stage?.booted === false;
    const closed = wasReady === undefined && !simulated && (await hostKeyUnknown(open.paths, run.ports.files));
    if (closed) tellOfHostKey(open.stack.name, run);
    const skip = closed || options.skipWait || simulated || isOn(run.ports.machine.environment["SKIP_WAIT"]);
    const waited = skip || wasReady !== undefined ? undefined : await waitForStack(open, outputs, host, run);
    phases.push(...(waited?.phases ?? []).map(phaseOf));
    const address = waited?.address ?? addressIn(outputs);
    return {
      stack: open.stack.name,
      run: run.run.id,
      changed: plan.changes,
      vmName: open.configuration.standard.vmName,
      address,
      ssh: address === undefined ? undefined : sshTarget(open, address, waited?.outputs ?? outputs).commandLine,
      ready: wasReady !== undefined || waited !== undefined,
      rehearsal: run.rehearsal !== undefined,
      summary: plan.summary,
      outputs: waited?.outputs ?? outputs,
      phases,
      durationMs: clock.now() - began,
    };
  });
}

/** Where a rate limit cut the apply short, the rest is planned anew, and confirmed where it does more than was agreed to. */
async function applyPatiently(
  agreed: PlanSummary,
  ready: ReadyStack,
  open: OpenStack,
  yes: boolean,
  run: RunContext,
): Promise<void> {
  await withPatience(async (attempt) => {
    let summary = agreed;
    if (attempt > 1) {
      await checkSearchable(open, ready, run);
      const problems = undecided(await adoptOrphans(open, ready.behaviour, run), false);
      if (problems.length > 0) throw undecidedError(open.stack.name, problems);
      await tellOfNameless(await (await journalOf(open, run)).open(), open, ready.behaviour, run);
      const plan = await planOpenStack(open, { again: true }, run);
      summary = plan.summary;
      if (!plan.changes) return closeJournal(open, "recovered", run);
      await confirmPlan("apply", summary, open, yes, run);
    }
    await carryOut("apply", summary, open, ready, run);
    await saveAppliedTree(open.paths, open.provider, run.workspace, run.ports.files);
  }, run);
}

/** A machine that is neither new nor restarted need not be waited for again. */
function keepsReadiness(summary: PlanSummary, open: OpenStack): string | undefined {
  return summary.machine === "keep" || summary.machine === "none" ? open.known?.ready : undefined;
}

function tellOfHostKey(stack: string, { ports }: RunContext): void {
  const message = `the host key of ${stack} was not made by Landfall, and is not known: the machine is not waited for`;
  ports.emit({ type: "notice", level: "warning", code: "ssh.hostKeyUnknown", message, hint: acceptHostKey(stack) });
}

function makesMachine({ machine }: PlanSummary): boolean {
  return machine === "create" || machine === "replace";
}

/** What a machine has not yet written to a disk that stays must not be lost with its power. */
function stopsMachine({ machine, data }: PlanSummary): boolean {
  return machine === "restart" || (machine === "replace" && data === "keep");
}

function phaseOf({ phase, elapsedMs }: PhaseTiming): { phase: string; durationMs: number } {
  return { phase, durationMs: elapsedMs };
}
