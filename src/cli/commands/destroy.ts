import { stackCommand } from "../stackCommand.ts";

export const destroy = stackCommand("Remove everything that belongs to a stack, data included", async () => {
  const [{ destroyStack }, { presentDestroy }] = await Promise.all([
    import("../../operations/destroyStack.ts"),
    import("../results/presentDestroy.ts"),
  ]);
  return async (options, context) => presentDestroy(await destroyStack(options, context));
});
