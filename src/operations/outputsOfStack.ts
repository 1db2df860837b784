import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { stackPaths } from "../stacks/stackPaths.ts";
import { warnOfRecovery } from "./checkRecovery.ts";
import { readKnownStack } from "./knownStack.ts";
import { selectExistingStack } from "./selectExistingStack.ts";
import type { OperationContext } from "./OperationContext.ts";

export interface StackOutputs {
  stack: string;
  name?: string;
  outputs: Record<string, unknown>;
}

/** The outputs of the last apply, all or one. */
export async function outputsOfStack(
  options: { stack: string; name?: string | undefined },
  context: OperationContext,
): Promise<StackOutputs> {
  const stack = await selectExistingStack(options.stack, context);
  const paths = stackPaths(context.workspace, stack);
  await warnOfRecovery({ stack, paths }, context);
  const known = await readKnownStack(paths, context.ports.files);
  if (known === undefined) {
    throw new AppError("output.none", `stack ${stack.name} has no outputs: it was not applied, or was destroyed`, {
      hint: `create it: landfall apply ${stack.name}; where a colleague did: landfall refresh ${stack.name}`,
    });
  }
  if (options.name === undefined) return { stack: stack.name, outputs: known.outputs };
  if (!(options.name in known.outputs)) {
    throw new AppError("output.unknown", `stack ${stack.name} has no output ${options.name}`, {
      hint: `it has: ${Object.keys(known.outputs).join(", ")}`,
      exit: exitCodes.usage,
    });
  }
  return { stack: stack.name, name: options.name, outputs: { [options.name]: known.outputs[options.name] } };
}
