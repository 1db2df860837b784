import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, waitFlag, type CommonFlags, type WaitFlag } from "../flags.ts";

export const tofu = buildCommand<CommonFlags & WaitFlag, [string, ...string[]], CliContext>({
  loader: async () => {
    const { runEngine } = await import("../../operations/runEngine.ts");
    const { presentEngine } = await import("../results/presentEngine.ts");
    return async function (_flags, stack, ...engineArguments) {
      this.finish(presentEngine(await runEngine({ stack, arguments: engineArguments }, this.operations)));
    };
  },
  parameters: {
    flags: { ...commonFlags, ...waitFlag },
    positional: {
      kind: "array",
      minimum: 1,
      parameter: { brief: "STACK -- ARGUMENTS of the engine", parse: String, placeholder: "STACK" },
    },
  },
  docs: { brief: "Run the engine by hand in a stack's directory, with its environment" },
});
