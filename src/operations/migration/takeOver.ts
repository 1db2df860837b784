import { join } from "node:path";
import { parseExactly, rawNumber } from "../../parseExactly.ts";
import type { StateStore } from "../../engine/createStateStore.ts";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import { hostKeyAlias } from "../../remote/hostKeyAlias.ts";
import { writeKnownHosts } from "../../remote/writeKnownHosts.ts";
import { sameState } from "../../stacks/sameState.ts";
import { saveAppliedTree } from "../../stacks/saveAppliedTree.ts";
import { parseState } from "../../stacks/StateContent.ts";
import { writeStateRecord } from "../../stacks/stateRecord.ts";
import type { StackPaths } from "../../stacks/stackPaths.ts";
import { checkStage } from "../checkStage.ts";
import { journalOf } from "../journalOf.ts";
import { keepSnapshot } from "../keepSnapshot.ts";
import { addressIn, writeKnownStack } from "../knownStack.ts";
import type { LoadedStack } from "../loadStack.ts";
import type { OpenStack } from "../openStack.ts";
import type { OperationContext } from "../OperationContext.ts";
import type { ReadyStack } from "../readyStack.ts";
import { writeSnapshot } from "../snapshotState.ts";
import { configuredPlace, stateStoreOf } from "../stateStoreOf.ts";
import { withRun, type RunContext } from "../withRun.ts";
import type { Adoptable, Adoption } from "./adoptOldState.ts";

interface TakeOver {
  step: Adoptable;
  /** The throw-away stack that holds the new state. */
  trial: OpenStack;
  ready: ReadyStack;
  outputs: Record<string, unknown>;
  adoption: Omit<Adoption, "address">;
}

/** Moves a state that was proved to its place, last of all: before that, the stack is as it was. */
export async function takeOver(taken: TakeOver, context: OperationContext): Promise<Adoption> {
  const { step, trial, ready, outputs, adoption } = taken;
  const { paths, configuration } = ready.loaded;
  return withRun(ready.loaded, "migrate", context, async (run) => {
    const { files } = run.ports;
    const store = await emptyPlace(ready, paths, run);
    await checkStage(paths, trial.provider.name, context);
    for (const name of ["hostKey", "hostKeyPublic", "authorizedKey", "generatedKey", "engineLock"] as const) {
      const content = await files.read(trial.paths[name]);
      if (content !== undefined) await files.write(paths[name], content);
    }
    const publicHalf = await files.read(`${trial.paths.generatedKey}.pub`);
    if (publicHalf !== undefined) await files.write(`${paths.generatedKey}.pub`, publicHalf);
    // Until its own host key is known, none is trusted.
    await files.write(paths.adoptedHostKeys, "");
    await writeKnownHosts(paths.knownHosts, hostKeyAlias(step.stack), "", files);
    await saveAppliedTree(paths, trial.provider, context.workspace, files);
    await keepOldState(taken, run);
    const time = new Date(run.ports.clock.now()).toISOString();
    const record = { from: step.file, lineage: step.old.lineage, time };
    await files.write(paths.adoption, `${JSON.stringify(record, undefined, 2)}\n`);

    const lineage = await writeState(trial, store, ready.loaded, run);
    const { backend, arguments: block, address: place } = configuration.state;
    await writeStateRecord(paths, { backend, arguments: block, address: place, lineage }, files);
    const address = addressIn(outputs);
    await keepNewState(ready, store, run);
    // Without an address too: so a state that is lost is told from one that never was.
    await writeKnownStack(paths, { outputs }, files);
    return { ...adoption, address };
  });
}

/**
 * Where the state goes; undefined for a file of the stack's directory. Throws where there is one already.
 *
 * @param work whose directory the engine uses
 */
export async function emptyPlace(
  { loaded, computer }: ReadyStack,
  work: StackPaths,
  run: RunContext,
): Promise<StateStore | undefined> {
  const { stack, paths, configuration } = loaded;
  const settings = configuration.state;
  const store =
    settings.backend === "local"
      ? undefined
      : stateStoreOf(configuredPlace(configuration, paths), { paths: work, name: "new" }, computer, run);
  const there = await store?.pull({ key: settings.key });
  const holds = there !== undefined && parseState(there).resources.length > 0;
  if (!holds && !(await run.ports.files.exists(paths.state))) return store;
  throw new AppError("migrate.state", `stack ${stack.name} has a state of its own already`, {
    hint: `look at it: landfall status ${stack.name}`,
    exit: exitCodes.refused,
  });
}

/** Writes the proved state to where it belongs, and gives the lineage that it has there. */
async function writeState(
  { engine, paths: from }: OpenStack,
  store: StateStore | undefined,
  { stack, paths, configuration }: LoadedStack,
  { ports: { files } }: RunContext,
): Promise<string> {
  const { key } = configuration.state;
  const state = await engine.statePull();
  if (state === undefined) throw new Error(`the trial of ${stack.name} left no state`);
  if (store === undefined) {
    await files.write(paths.state, (await files.readBytes(from.state)) ?? "");
    return parseState(state).lineage;
  }
  await store.push(state, { key });
  const there = await store.pull({ key });
  // Some backends give a new state a lineage of their own.
  const lineage = there === undefined ? "" : parseState(there).lineage;
  const expected = JSON.stringify({ ...(parseExactly(state, rawNumber) as object), lineage });
  if (there !== undefined && sameState(expected, there)) return lineage;
  throw new AppError("migrate.state", `the state of ${stack.name} is not the same after it was written`, {
    hint: `see what else writes to that place: landfall status ${stack.name}`,
    exit: exitCodes.recovery,
  });
}

/** As an apply keeps it: a snapshot in every place, and in the journal what it is of, so that it is missed where it is lost. */
async function keepNewState(
  { loaded, computer }: ReadyStack,
  store: StateStore | undefined,
  run: RunContext,
): Promise<void> {
  const { key } = loaded.configuration.state;
  const engine = { statePull: async () => store?.pull({ key }) };
  const kept = await keepSnapshot({ ...loaded, engine }, computer, run);
  if (kept === undefined) return;
  const { id, operation, started } = run.run;
  const closed = new Date(run.ports.clock.now()).toISOString();
  const entry = { run: id, operation, started, expected: [], closed, ending: "finished", left: kept.state } as const;
  await (await journalOf(loaded, run)).write(entry);
}

/** A copy beside the snapshots, encrypted where the new state is. Without it the old file itself is still there. */
async function keepOldState({ step, ready }: TakeOver, run: RunContext): Promise<void> {
  const { paths, configuration } = ready.loaded;
  const { computer } = ready;
  try {
    await run.ports.files.makeDirectory(paths.snapshots);
    const file = join(paths.snapshots, `${run.run.id}-migrated.tfstate`);
    await writeSnapshot(file, step.text, configuration.state.key, { paths, computer }, run);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    run.ports.emit({
      type: "notice",
      level: "warning",
      code: "migrate.noSnapshot",
      message: `no copy of ${step.file} is kept with the stack: ${error.message}`,
      hint: "keep the old file",
    });
  }
}
