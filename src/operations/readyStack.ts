import { neededByRun } from "../configuration/neededByRun.ts";
import { loadBehaviour } from "../providers/loadBehaviour.ts";
import type { LoadedBehaviour } from "../providers/ModuleWrapper.ts";
import type { TypeChoice } from "./chooseType.ts";
import { checkInterrupted } from "./checkInterrupted.ts";
import { loadStack, type LoadedStack, type StackRequest } from "./loadStack.ts";
import type { OperationContext, Stage } from "./OperationContext.ts";
import { prepareComputer, type PreparedComputer } from "./prepareComputer.ts";
import { providerContext } from "./providerContext.ts";
import { stageOf } from "./stageOf.ts";

/** A stack with a valid configuration on a computer that has everything its provider needs. */
export interface ReadyStack {
  loaded: LoadedStack;
  behaviour: LoadedBehaviour;
  computer: PreparedComputer;
  /** Nobody will be asked: `--yes`, or no terminal. */
  unattended: boolean;
  /** Where the plugin talks to in a rehearsal. */
  stage: Stage | undefined;
  /** The type of a machine that exists and is about to be taken over. */
  adopted?: TypeChoice;
}

export async function readyStack(
  request: StackRequest & { yes: boolean },
  context: OperationContext,
): Promise<ReadyStack> {
  const loaded = await loadStack({ ...request, needs: neededByRun }, context);
  const behaviour = await loadBehaviour(loaded.provider, context, loaded.configuration);
  const unattended = request.yes || !context.ports.terminal.interactive;
  const stage = await stageOf(loaded.provider, context, loaded.configuration.pluginEnvironment);
  const forProvider = providerContext(loaded.provider, loaded.configuration, { unattended, stage }, context);
  const computer = await prepareComputer(loaded.provider, behaviour, forProvider, { yes: request.yes }, context);
  checkInterrupted(context);
  return { loaded, behaviour, computer, unattended, stage };
}
