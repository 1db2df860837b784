import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, type CommonFlags } from "../flags.ts";

export const ssh = buildCommand<CommonFlags, [string, ...string[]], CliContext>({
  loader: async () => {
    const { sshIntoStack } = await import("../../operations/sshIntoStack.ts");
    const { presentSsh } = await import("../results/presentSsh.ts");
    return async function (flags, selector, ...command) {
      const result = await sshIntoStack({ selector, command, capture: flags.json }, this.operations);
      this.finish(presentSsh(result));
    };
  },
  parameters: {
    flags: commonFlags,
    positional: {
      kind: "array",
      minimum: 1,
      parameter: { brief: "STACK [-- COMMAND ...]", parse: String, placeholder: "STACK" },
    },
  },
  docs: {
    brief: "Log in to the machine, or run one command there",
    fullDescription:
      "Log in to the machine of a stack, or run one command there: landfall ssh STACK -- COMMAND. The exit status is the one of ssh.",
  },
});
