import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { CallCount } from "../rehearsal/createJournal.ts";
import type { Fault } from "../rehearsal/Fault.ts";
import { parseFault } from "../rehearsal/parseFault.ts";
import { stackPaths } from "../stacks/stackPaths.ts";
import { twinWorkspace, type Workspace } from "../Workspace.ts";
import { applyStack } from "./applyStack.ts";
import { despiteFaults, type FaultReport } from "./despiteFaults.ts";
import { destroyStack } from "./destroyStack.ts";
import { findStackProvider } from "./findStackProvider.ts";
import { initStack } from "./initStack.ts";
import { loadStack, selectStack } from "./loadStack.ts";
import { lockedPluginVersion } from "./lockedPluginVersion.ts";
import type { OperationContext } from "./OperationContext.ts";
import { planStack } from "./planStack.ts";
import { localStage } from "./stageOf.ts";
import { startStage, type RunningStage } from "./startStage.ts";
import { statusOfStacks } from "./statusOfStacks.ts";

export interface RehearseOptions {
  stack: string;
  set: readonly string[];
  /** `NAME[@CALL]` */
  faults: readonly string[];
  boot: boolean;
  yes: boolean;
}

export interface RehearsalReport {
  stack: string;
  /** The plugin that was used; absent where the provider needs none. */
  pluginVersion?: string;
  /** What a real apply of this stack would use, where that is another one. */
  realPluginVersion?: string;
  steps: readonly { step: string; durationMs: number }[];
  /** Addresses of what was made. */
  resources: readonly string[];
  /** Calls of the simulated API; empty where machines are on this computer anyway. */
  calls: readonly CallCount[];
  faults: readonly FaultReport[];
  /** Whether a machine really ran, so that SSH and first boot were rehearsed too. */
  booted: boolean;
  durationMs: number;
}

/**
 * Takes a throw-away twin of a stack through init, plan, apply, a second plan that has to be empty, status and destroy,
 * and checks that nothing is left. Nothing of the stack itself is read but its configuration.
 */
export async function rehearseStack(options: RehearseOptions, outer: OperationContext): Promise<RehearsalReport> {
  const { ports, workspace } = outer;
  const { clock } = ports;
  const began = clock.now();
  const stack = selectStack(options.stack, outer);
  const faults = options.faults.map(parseFault);
  const provider = await findStackProvider(stack.provider, stackPaths(workspace, stack), false, outer);
  const local = provider.manifest.capabilities.local === true;
  if (local) refuseForLocal(options, provider.name);

  // A machine on this computer has one name, so that what a killed rehearsal left is found again.
  const own = local ? stack.label : `${stack.label}-${randomBytes(4).toString("hex")}`;
  const directory = join(workspace.rehearsal, "throw-away", own);
  const running = local
    ? undefined
    : await startStage({ provider, faults, boot: options.boot, port: 0, yes: options.yes }, outer);
  const context = inRehearsal(stack.name, directory, running, outer);
  const request = { stack: stack.name, set: options.set, yes: options.yes };
  const steps: { step: string; durationMs: number }[] = [];
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const started = clock.now();
    ports.emit({
      type: "notice",
      level: "info",
      code: "rehearsal.step",
      message: `rehearsal of ${stack.name}: ${name}`,
    });
    const result = await work();
    steps.push({ step: name, durationMs: clock.now() - started });
    return result;
  };

  let made = false;
  try {
    if (local && (await ports.files.exists(stackPaths(context.workspace, stack).state))) {
      await step("destroy what an earlier rehearsal left", () => destroyStack(request, context));
    }
    await step("init", () => initStack(request, context));
    await step("plan", () => planStack(request, context));
    if (options.boot) await checkBootable(request, context);
    made = true;
    const resources = new Set<string>();
    const faulty = faults.length > 0;
    const reports = await step("apply", () =>
      despiteFaults(
        "apply",
        faulty,
        async () => {
          const { summary } = await applyStack({ ...request, skipWait: local }, context);
          for (const { address, action } of summary.changes) if (action === "create") resources.add(address);
          return !faulty || !(await planStack(request, context)).changes;
        },
        context,
      ),
    );
    await checkOneServer(running);
    await step("second plan", async () => checkEmpty(await planStack(request, context)));
    await step("status", () => checkStatus(stack.name, context));
    const destroyed = await step("destroy", () =>
      despiteFaults("destroy", faulty, () => destroyStack(request, context).then(() => true), context),
    );
    made = false;
    checkFaults(faults, running);
    await checkNothingLeft(running);
    const version = await lockedPluginVersion(stackPaths(context.workspace, stack), ports.files);
    const real = await lockedPluginVersion(stackPaths(workspace, stack), ports.files);
    return {
      stack: stack.name,
      ...(version === undefined ? {} : { pluginVersion: version }),
      ...(real === undefined || real === version ? {} : { realPluginVersion: real }),
      steps,
      resources: [...resources],
      calls: running?.simulator.calls() ?? [],
      faults: faulty ? [...reports, ...destroyed] : [],
      booted: options.boot,
      durationMs: clock.now() - began,
    };
  } finally {
    const kept = made && local && !(await tryDestroy(request, context));
    await running?.close();
    if (!kept) await ports.files.remove(directory);
  }
}

/** Everything that follows works on the twin, and is confirmed: nothing of it is anybody's. */
function inRehearsal(
  stack: string,
  directory: string,
  running: RunningStage | undefined,
  { ports, ...outer }: OperationContext,
): OperationContext {
  const workspace: Workspace = twinWorkspace({ ...outer.workspace, rehearsal: directory });
  const environment = { ...ports.machine.environment, CONFIRM: stack };
  return {
    ...outer,
    ports: { ...ports, machine: { ...ports.machine, environment } },
    workspace,
    rehearsal: { suffix: "rehearse", stage: running?.stage ?? localStage },
  };
}

function refuseForLocal({ boot, faults }: RehearseOptions, provider: string): void {
  if (!boot && faults.length === 0) return;
  const flag = boot ? "--boot" : "--fault";
  throw new AppError("rehearsal.local", `${flag} is for simulated providers: the machines of ${provider} are real`, {
    hint: boot ? `to wait for the machine: landfall apply ENVIRONMENT/${provider} --rehearsal` : `leave ${flag} out`,
    exit: exitCodes.usage,
  });
}

/** The machine behind a simulated server has one disk, and the address that this computer gives it. */
async function checkBootable(
  request: { stack: string; set: readonly string[] },
  context: OperationContext,
): Promise<void> {
  const { configuration } = await loadStack({ ...request, persist: false }, context);
  const { dataDiskSize, reserveAddress } = configuration.standard;
  if (dataDiskSize === 0 && !reserveAddress) return;
  throw new AppError(
    "rehearsal.bare",
    "a machine that is booted for a rehearsal has no data disk and no reserved address",
    {
      hint: "rehearse with --set DATA_DISK_SIZE=0 --set RESERVE_ADDRESS=false, or without --boot",
      exit: exitCodes.usage,
    },
  );
}

function checkEmpty({ changes, summary }: Awaited<ReturnType<typeof planStack>>): void {
  if (!changes) return;
  throw new AppError("rehearsal.notEmpty", "a second plan, right after the apply, would change something", {
    hint: "mend the module: every apply would do this again",
    problems: summary.changes.map(({ address, action, attributes }) => ({
      message: `${address}: ${action}${attributes.length === 0 ? "" : ` (${attributes.join(", ")})`}`,
    })),
  });
}

async function checkStatus(stack: string, context: OperationContext): Promise<void> {
  const [status] = await statusOfStacks({ selector: stack }, context);
  if (status === undefined || !["absent", "stopped"].includes(status.machine)) return;
  throw new AppError("rehearsal.status", `after the apply, status says that the machine is ${status.machine}`, {
    hint: "mend inspectMachine in provider.ts",
  });
}

async function checkOneServer(running: RunningStage | undefined): Promise<void> {
  const servers = await running?.simulator.servers();
  if (servers === undefined || servers.length === 1) return;
  throw new AppError("rehearsal.servers", `after the apply there are ${servers.length} servers instead of one`, {
    hint: "mend findOrphans in provider.ts: it has to find what the state does not know",
    problems: servers.map(({ id, name }) => ({ message: `server ${name} (${id})` })),
  });
}

function checkFaults(faults: readonly Fault[], running: RunningStage | undefined): void {
  if (running === undefined || running.simulator.faultsSpent()) return;
  const names = faults.map(({ name, call }) => (call === undefined ? name : `${name}@${call}`)).join(", ");
  const calls = running.simulator.calls().map(({ name }) => name);
  throw new AppError("rehearsal.noFault", `a fault did not strike, because its call was never made: ${names}`, {
    hint: `calls that were made: ${calls.join(", ")}`,
  });
}

async function checkNothingLeft(running: RunningStage | undefined): Promise<void> {
  const left = (await running?.simulator.resources()) ?? [];
  if (left.length === 0) return;
  throw new AppError("rehearsal.leftovers", "the destroy left something at the provider", {
    hint: "mend the module, or remove it in cleanUp of provider.ts",
    problems: left.map(({ kind, id, name }) => ({ message: `${kind} ${name} (${id})` })),
  });
}

async function tryDestroy(request: Parameters<typeof destroyStack>[0], context: OperationContext): Promise<boolean> {
  try {
    await destroyStack(request, context);
    return true;
  } catch {
    // The error that led here is what counts; the next rehearsal of this stack tries again.
    return false;
  }
}
