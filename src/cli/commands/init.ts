import { stackCommand } from "../stackCommand.ts";

export const init = stackCommand("Prepare the machine, the engine and the stack's directory", async () => {
  const [{ initStack }, { presentInit }] = await Promise.all([
    import("../../operations/initStack.ts"),
    import("../results/presentInit.ts"),
  ]);
  return async (options, context) => presentInit(await initStack(options, context));
});
