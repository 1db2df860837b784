import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, type CommonFlags } from "../flags.ts";

export const attach = buildCommand<CommonFlags, [string], CliContext>({
  loader: async () => {
    const { attachToStack } = await import("../../operations/attachToStack.ts");
    const { presentAttach } = await import("../results/presentAttach.ts");
    return async function (_flags, selector) {
      this.finish(presentAttach(await attachToStack({ selector }, this.operations)));
    };
  },
  parameters: {
    flags: commonFlags,
    positional: {
      kind: "tuple",
      parameters: [{ brief: "A stack, or an environment with one stack", parse: String, placeholder: "STACK" }],
    },
  },
  docs: { brief: "Follow the run that is at work on a stack; Ctrl-C ends the following, not the run" },
});
