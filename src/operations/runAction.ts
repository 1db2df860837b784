import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { neededByRun } from "../configuration/neededByRun.ts";
import type { ActionResult } from "../providers/behaviour.ts";
import { closestName } from "../documents/closestName.ts";
import { loadBehaviour } from "../providers/loadBehaviour.ts";
import { stackPaths } from "../stacks/stackPaths.ts";
import { warnOfRecovery } from "./checkRecovery.ts";
import { noEngine } from "./inspectStack.ts";
import { readKnownStack } from "./knownStack.ts";
import { loadStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { stackContext } from "./providerContext.ts";
import { selectExistingStack } from "./selectExistingStack.ts";
import { stageOf } from "./stageOf.ts";

export interface ActionOptions {
  /** ENVIRONMENT/PROVIDER, or an environment with one stack. */
  selector: string;
  action: string;
  arguments: readonly string[];
  /** Whether a child may have the terminal: not where standard output is for a program. */
  terminal: boolean;
  set: readonly string[];
}

export interface ActionOutcome extends ActionResult {
  stack: string;
  action: string;
}

/** Runs one of the commands that the provider of a stack offers. It holds no lock: a console must not stop an apply. */
export async function runAction(options: ActionOptions, context: OperationContext): Promise<ActionOutcome> {
  const { ports } = context;
  const stack = await selectExistingStack(options.selector, context);
  const loaded = await loadStack({ stack: stack.name, set: options.set, persist: false, needs: neededByRun }, context);
  const { provider } = loaded;
  const names = Object.keys(provider.manifest.actions);
  if (!names.includes(options.action)) throw unknownAction(provider.name, options.action, names);
  const behaviour = await loadBehaviour(provider, context);
  const paths = stackPaths(context.workspace, stack);
  await warnOfRecovery({ stack, paths }, context);
  const known = await readKnownStack(paths, ports.files);
  const stage = await stageOf(provider, context, loaded.configuration.pluginEnvironment);
  const result = await behaviour.actions?.[options.action]?.(
    {
      ...stackContext(loaded, { unattended: true, stage, lookUp: noEngine }, known?.outputs ?? {}, context),
      interactive: async (program, args) => {
        if (!options.terminal) throw noTerminal(options.action);
        return ports.processes.interactive({ program, arguments: args });
      },
    },
    options.arguments,
  );
  return { stack: stack.name, action: options.action, ...result };
}

function unknownAction(provider: string, action: string, names: readonly string[]): AppError {
  const similar = closestName(action, names);
  return new AppError("action.unknown", `provider ${provider} offers no action "${action}"`, {
    hint: `${similar === undefined ? "" : `did you mean ${similar}? `}${names.length === 0 ? "it offers none" : `it offers: ${names.join(", ")}`}`,
    exit: exitCodes.usage,
  });
}

function noTerminal(action: string): AppError {
  return new AppError("action.terminal", `the action ${action} needs the terminal, and with --json there is none`, {
    hint: "leave --json out",
    exit: exitCodes.usage,
  });
}
