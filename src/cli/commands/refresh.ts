import { stackCommand } from "../stackCommand.ts";

export const refresh = stackCommand("Bring what is known of the stack up to date with what exists", async () => {
  const [{ refreshStack }, { presentRefresh }] = await Promise.all([
    import("../../operations/refreshStack.ts"),
    import("../results/presentRefresh.ts"),
  ]);
  return async (options, context) => presentRefresh(await refreshStack(options, context));
});
