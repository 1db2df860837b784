import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import { hostKeyAlias } from "../../remote/hostKeyAlias.ts";
import { writeKnownHosts } from "../../remote/writeKnownHosts.ts";
import { sameState } from "../../stacks/sameState.ts";
import { saveAppliedTree } from "../../stacks/saveAppliedTree.ts";
import { parseState } from "../../stacks/StateContent.ts";
import { writeStateRecord } from "../../stacks/stateRecord.ts";
import { checkStage } from "../checkStage.ts";
import { addressIn, writeKnownStack } from "../knownStack.ts";
import type { LoadedStack } from "../loadStack.ts";
import type { OpenStack } from "../openStack.ts";
import type { OperationContext } from "../OperationContext.ts";
import type { ReadyStack } from "../readyStack.ts";
import { snapshotState } from "../snapshotState.ts";
import { configuredPlace, localPlace, stateStoreOf } from "../stateStoreOf.ts";
import { withRun, type RunContext } from "../withRun.ts";
import type { Adoptable, Adoption } from "./adoptOldState.ts";

interface TakeOver {
  step: Adoptable;
  /** The throw-away stack that holds the new state. */
  trial: OpenStack;
  /** Its run. */
  run: RunContext;
  ready: ReadyStack;
  outputs: Record<string, unknown>;
  adoption: Omit<Adoption, "address">;
}

/** Moves a state that was proved to its place, last of all: before that, the stack is as it was. */
export async function takeOver(taken: TakeOver, context: OperationContext): Promise<Adoption> {
  const { step, trial, ready, outputs, adoption } = taken;
  const { paths, configuration } = ready.loaded;
  const { program } = ready.computer.engine;
  return withRun(ready.loaded, "migrate", context, async (run) => {
    const { files } = run.ports;
    const { key } = configuration.state;
    const target = stateStoreOf(configuredPlace(configuration.state, paths), { paths, name: "new" }, program, run);
    await refuseOccupied(ready.loaded, (await target.pull({ key })) ?? "", run);
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

    const source = stateStoreOf(
      localPlace(trial.paths.state),
      { paths: trial.paths, name: "proved" },
      program,
      taken.run,
    );
    const state = await source.pull({ key });
    if (state === undefined) throw new Error(`the trial of ${step.stack.name} left no state`);
    await target.push(state, { key });
    const there = await target.pull({ key });
    if (there === undefined || !sameState(state, there)) {
      throw new AppError("migrate.state", `the state of ${step.stack.name} is not the same after it was written`, {
        hint: `see what else writes to that place: landfall status ${step.stack.name}`,
        exit: exitCodes.recovery,
      });
    }
    const { backend, arguments: block, address: place } = configuration.state;
    const { lineage } = parseState(state);
    await writeStateRecord(paths, { backend, arguments: block, address: place, lineage }, files);
    const address = addressIn(outputs);
    if (address !== undefined) await writeKnownStack(paths, { outputs }, files);
    return { ...adoption, address };
  });
}

async function refuseOccupied({ stack, paths }: LoadedStack, state: string, { ports }: RunContext): Promise<void> {
  const holds = state !== "" && parseState(state).resources.length > 0;
  if (!holds && !(await ports.files.exists(paths.state))) return;
  throw new AppError("migrate.state", `stack ${stack.name} has a state of its own already`, {
    hint: `look at it: landfall status ${stack.name}`,
    exit: exitCodes.refused,
  });
}

/** A copy, encrypted where the new state is. Without it the old file itself is still there. */
async function keepOldState({ step, ready }: TakeOver, run: RunContext): Promise<void> {
  const { paths, configuration } = ready.loaded;
  const { program } = ready.computer.engine;
  try {
    await snapshotState(step.text, configuration.state.key, { paths, program }, run);
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
