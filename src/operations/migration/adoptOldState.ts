import { join } from "node:path";
import { localState } from "../../configuration/StateSettings.ts";
import { AppError, type Problem } from "../../errors.ts";
import type { Event } from "../../events/Event.ts";
import { exitCodes } from "../../exitCodes.ts";
import { settingVariable } from "../../providers/settingVariable.ts";
import { stackPaths, type StackPaths } from "../../stacks/stackPaths.ts";
import type { Workspace } from "../../Workspace.ts";
import { adoptedType } from "../chooseType.ts";
import type { LoadedStack } from "../loadStack.ts";
import type { OperationContext } from "../OperationContext.ts";
import { openStack, type OpenStack } from "../openStack.ts";
import { readOutputs } from "../readOutputs.ts";
import { readyStack, type ReadyStack } from "../readyStack.ts";
import { withRun, type RunContext } from "../withRun.ts";
import type { StateStep } from "./findOldStack.ts";
import { importOldResources } from "./importOldResources.ts";
import { judgeAdoption, type Verdict } from "./judgeAdoption.ts";
import { emptyPlace, takeOver } from "./takeOver.ts";

export type Adoptable = Extract<StateStep, { action: "adopt" | "adopted" }>;

export interface Adoption {
  stack: string;
  /** Addresses in Landfall's module, with the old ones. */
  imported: readonly { address: string; from: string }[];
  /** Old addresses that the stack has no use for; they stay at the provider. */
  left: readonly string[];
  /** What the next apply would change; empty where a plan was empty. */
  differences: readonly Problem[];
  address: string | undefined;
}

/**
 * Takes the old state over into its stack: in a throw-away directory everything is imported by id, and only where a plan
 * then changes nothing but Landfall's own records does the new state go to its place. With `acceptChanges` it may also
 * show changes that neither touch the machine nor remove anything: they are left to the next apply. Nothing is ever
 * changed at the provider, nor in the old state. Throws AppError `migrate.differs` and
 * others, and then nothing is left.
 */
export async function adoptOldState(
  step: Adoptable,
  options: { acceptChanges: boolean; yes: boolean },
  context: OperationContext,
): Promise<Adoption> {
  const { ports, workspace } = context;
  const ready = await readyStack({ stack: step.stack.name, set: [], persist: false, yes: options.yes }, context);
  checkRegion(step, ready);
  // One place for each stack, so that what a killed migration left is found and removed.
  const directory = join(workspace.stacks, `.adopting-${step.stack.label}`);
  const trial: Workspace = { ...workspace, stacks: directory };
  const loaded = inTrial(ready.loaded, trial);
  return withRun(loaded, "migrate", { ...context, workspace: trial, trial: true }, async (run) => {
    try {
      await clear(loaded.paths, run);
      await emptyPlace(ready, loaded.paths, run);
      const tried = await tryIt(step, { ...ready, loaded }, options.acceptChanges, withoutTargetWarnings(run));
      return await takeOver({ step, ...tried, ready }, context);
    } finally {
      await ports.files.remove(directory);
    }
  });
}

/** The state of a trial is a file, encrypted as the stack's own will be. */
function inTrial({ configuration, ...loaded }: LoadedStack, trial: Workspace): LoadedStack {
  const { key, previousKey } = configuration.state;
  return {
    ...loaded,
    paths: stackPaths(trial, loaded.stack),
    configuration: { ...configuration, state: { ...localState, key, previousKey } },
  };
}

/** The engine warns that a plan of single addresses is not everything: that is why it is made. */
function withoutTargetWarnings({ ports, ...run }: RunContext): RunContext {
  const emit = (event: Event): void => {
    if (event.type !== "diagnostic" || event.severity !== "warning") ports.emit(event);
  };
  return { ...run, ports: { ...ports, emit } };
}

async function clear({ directory, runLock, runs }: StackPaths, { ports: { files } }: RunContext): Promise<void> {
  for (const name of (await files.list(directory)) ?? []) {
    const path = join(directory, name);
    if (path !== runLock && path !== runs) await files.remove(path);
  }
}

interface Trial {
  trial: OpenStack;
  adoption: Omit<Adoption, "address">;
  /** What the provider's module says of the machine. */
  outputs: Record<string, unknown>;
}

async function tryIt(step: Adoptable, ready: ReadyStack, acceptChanges: boolean, run: RunContext): Promise<Trial> {
  const { catalog } = ready.loaded.provider.manifest;
  const type = catalog === undefined ? undefined : step.machine.attributes[catalog.type];
  const adopted = typeof type === "string" ? { adopted: adoptedType(type, ready.loaded) } : {};
  const open = await openStack({ ...ready, ...adopted }, run);
  const imported = await importOldResources(open, ready.behaviour, step.old.resources, run);
  if (!imported.some(({ from }) => from === step.machine)) {
    throw refused(step, [
      { where: step.machine.address, message: "the configuration does not ask for such a machine" },
    ]);
  }
  const judge = async (targets?: readonly string[]): Promise<{ changes: boolean } & Verdict> => {
    const { changes } = await open.engine.plan({ out: open.paths.plan, ...(targets && { targets }) });
    const verdict = judgeAdoption(changes ? await open.engine.showPlan(open.paths.plan) : {}, open);
    const { differences, harmless } = verdict;
    if (differences.length > 0 && !(acceptChanges && harmless)) throw refused(step, differences, harmless);
    return { changes, ...verdict };
  };
  let last = await judge();
  if (last.changes) {
    // Records of the state itself: only with them a plan can be empty.
    if (last.differences.length > 0) {
      const { differences } = await judge(last.records);
      if (differences.length > 0) throw refused(step, differences);
    }
    await open.engine.apply(open.paths.plan);
    last = await judge();
  }
  const { changes, differences } = last;
  if (changes && differences.length === 0) throw refused(step, [{ message: "a second plan is not empty" }]);
  const outputs = changes ? await plannedOutputs(open) : await readOutputs(open);
  await run.ports.files.remove(open.paths.plan);
  const left = step.old.resources.filter((resource) => !imported.some(({ from }) => from === resource));
  return {
    trial: open,
    adoption: {
      stack: step.stack.name,
      imported: imported.map(({ address, from }) => ({ address, from: from.address })),
      left: left.map(({ address }) => address),
      differences,
    },
    outputs,
  };
}

async function plannedOutputs({ engine, paths }: OpenStack): Promise<Record<string, unknown>> {
  const value = (await engine.showPlan(paths.plan)).planned_values?.outputs?.["provider"]?.value;
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function refused({ stack, file }: Adoptable, differences: readonly Problem[], harmless = false): AppError {
  return new AppError(
    "migrate.differs",
    `${file} is not taken over: applying ${stack.name} would change what is there`,
    {
      hint: harmless
        ? "nothing was changed; adapt the configuration, or what is at the provider, and migrate again; or take it over with --accept-changes: none of this touches the machine, and landfall apply asks before it does it"
        : "nothing was changed; adapt the configuration until these agree and migrate again, or go on with the old tool",
      exit: exitCodes.refused,
      problems: differences,
    },
  );
}

/** Where a machine stands is often ignored by a plan, since no plan could change it. */
function checkRegion(step: Adoptable, { loaded: { provider, configuration } }: ReadyStack): void {
  const key = provider.manifest.catalog?.region;
  if (key === undefined) return;
  const there = step.machine.attributes[key];
  const configured = configuration.settings[key];
  if (typeof there !== "string" || configured === undefined || there === configured) return;
  const variable = settingVariable(provider.name, key);
  throw refused(step, [
    {
      where: step.machine.address,
      key: variable,
      message: `it stands in ${there}, and the configuration says ${configured}`,
      hint: `write ${variable}=${there}`,
    },
  ]);
}
