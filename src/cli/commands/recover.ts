import { stackCommand } from "../stackCommand.ts";

export const recover = stackCommand(
  "After a run that was cut off: find what it made, take it over, say what is left to do",
  async () => {
    const [{ recoverStack }, { presentRecovery }] = await Promise.all([
      import("../../operations/recoverStack.ts"),
      import("../results/presentRecovery.ts"),
    ]);
    return async (options, context) => presentRecovery(await recoverStack(options, context));
  },
);
