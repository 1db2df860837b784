import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { listStacks } from "../stacks/listStacks.ts";
import type { Stack } from "../stacks/Stack.ts";
import { selectStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { selectEnvironment } from "./selectEnvironment.ts";

/** A stack by its name, or the only existing one of an environment. */
export async function selectExistingStack(selector: string, context: OperationContext): Promise<Stack> {
  if (selector.includes("/")) return selectStack(selector, context);
  const environment = selectEnvironment(selector, context);
  const stacks = (await listStacks(context.workspace, context.ports.files)).filter(
    (stack) => stack.environment === environment,
  );
  const [only] = stacks;
  if (only !== undefined && stacks.length === 1) return only;
  if (stacks.length > 1) {
    throw new AppError("stack.ambiguous", `environment ${environment} has ${stacks.length} stacks`, {
      hint: `name one: ${stacks.map(({ name }) => name).join(", ")} (make: PROVIDER=...)`,
      exit: exitCodes.usage,
    });
  }
  throw new AppError("stack.none", `environment ${environment} has no stack in ${context.workspace.stacks}`, {
    hint: `create one: landfall apply ${environment}/PROVIDER (landfall providers lists them)`,
    exit: exitCodes.usage,
  });
}
