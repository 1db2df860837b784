import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { findProvider } from "../providers/findProvider.ts";
import { listStacks } from "../stacks/listStacks.ts";
import type { Stack } from "../stacks/Stack.ts";
import { checkEnvironment } from "./checkEnvironment.ts";
import { existingStacks } from "./existingStacks.ts";
import { listProviders } from "./listProviders.ts";
import { selectStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { selectEnvironment } from "./selectEnvironment.ts";

/** A stack by its name, or the only existing one of an environment. What was mistyped is told from what was not made. */
export async function selectExistingStack(selector: string, context: OperationContext): Promise<Stack> {
  const { workspace, ports } = context;
  const all = await listStacks(workspace, ports.files);
  if (selector.includes("/")) {
    const stack = selectStack(selector, context);
    if (all.some(({ name }) => name === stack.name)) return stack;
    await checkEnvironment(stack.environment, context);
    findProvider(await listProviders(context), stack.provider, workspace);
    return stack;
  }
  const environment = selectEnvironment(selector, context);
  const ofEnvironment = (stacks: readonly Stack[]): Stack[] =>
    stacks.filter((stack) => stack.environment === environment);
  const stacks = ofEnvironment(all);
  const existing = stacks.length > 1 ? ofEnvironment(await existingStacks(context)) : stacks;
  const [only] = existing;
  if (only !== undefined && existing.length === 1) return only;
  if (stacks.length > 1) {
    const named = existing.length > 1 ? existing : stacks;
    throw new AppError("stack.ambiguous", `environment ${environment} has ${named.length} stacks`, {
      hint: `name one: ${named.map(({ name }) => name).join(", ")} (make: PROVIDER=...)`,
      exit: exitCodes.usage,
    });
  }
  await checkEnvironment(environment, context);
  throw new AppError("stack.none", `environment ${environment} has no stack in ${workspace.stacks}`, {
    hint: `create one: landfall apply ${environment}/PROVIDER (landfall providers lists them)`,
    exit: exitCodes.usage,
  });
}
