import { join } from "node:path";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import { hostKeyAlias } from "../../remote/hostKeyAlias.ts";
import { writeKnownHosts } from "../../remote/writeKnownHosts.ts";
import { saveAppliedTree } from "../../stacks/saveAppliedTree.ts";
import { stackPaths } from "../../stacks/stackPaths.ts";
import { checkStage } from "../checkStage.ts";
import { recordType } from "../chooseType.ts";
import { addressIn, writeKnownStack } from "../knownStack.ts";
import type { OpenStack } from "../openStack.ts";
import type { OperationContext } from "../OperationContext.ts";
import { withRun } from "../withRun.ts";
import type { Adoptable, Adoption } from "./adoptOldState.ts";

interface TakeOver {
  step: Adoptable;
  /** The throw-away stack that holds the new state. */
  trial: OpenStack;
  outputs: Record<string, unknown>;
  adoption: Omit<Adoption, "address">;
}

/** Moves a state that was proved to its place, last of all files: before that, the stack is as it was. */
export async function takeOver(
  { step, trial, outputs, adoption }: TakeOver,
  context: OperationContext,
): Promise<Adoption> {
  const paths = stackPaths(context.workspace, step.stack);
  return withRun({ stack: step.stack, paths }, "migrate", context, async ({ ports }) => {
    const { files } = ports;
    if (await files.exists(paths.state)) {
      throw new AppError("migrate.state", `stack ${step.stack.name} got a state of its own meanwhile`, {
        hint: `look at it: landfall status ${step.stack.name}`,
        exit: exitCodes.refused,
      });
    }
    await checkStage(paths, trial.provider.name, context);
    const kept = ["hostKey", "hostKeyPublic", "authorizedKey", "generatedKey", "engineLock"] as const;
    for (const name of kept) {
      const content = await files.read(trial.paths[name]);
      if (content !== undefined) await files.write(paths[name], content);
    }
    const publicHalf = await files.read(`${trial.paths.generatedKey}.pub`);
    if (publicHalf !== undefined) await files.write(`${paths.generatedKey}.pub`, publicHalf);
    if (trial.type !== undefined) await recordType(paths, trial.type, ports);
    // Until its own host key is known, none is trusted.
    await files.write(paths.adoptedHostKeys, "");
    await writeKnownHosts(paths.knownHosts, hostKeyAlias(step.stack), "", files);
    await saveAppliedTree(paths, trial.provider, context.workspace, files);
    await files.write(join(paths.directory, "adopted.tfstate"), step.text);
    const record = { from: step.file, lineage: step.old.lineage, time: new Date(ports.clock.now()).toISOString() };
    await files.write(paths.adoption, `${JSON.stringify(record, undefined, 2)}\n`);
    const address = addressIn(outputs);
    if (address !== undefined) await writeKnownStack(paths, { outputs }, files);
    const state = await files.readBytes(trial.paths.state);
    if (state === undefined) throw new Error(`the trial of ${step.stack.name} left no state`);
    await files.write(paths.state, state);
    return { ...adoption, address };
  });
}
