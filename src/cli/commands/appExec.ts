import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, type CommonFlags } from "../flags.ts";

export const appExec = buildCommand<CommonFlags, [string, string, ...string[]], CliContext>({
  loader: async () => {
    const { appExec: execute } = await import("../../operations/app/appExec.ts");
    const { presentSsh } = await import("../results/presentSsh.ts");
    return async function (flags, selector, service, ...command) {
      const result = await execute({ selector, service, command, capture: flags.json }, this.operations);
      this.finish(presentSsh(result));
    };
  },
  parameters: {
    flags: commonFlags,
    positional: {
      kind: "array",
      minimum: 3,
      parameter: { brief: "STACK SERVICE -- COMMAND ...", parse: String, placeholder: "STACK" },
    },
  },
  docs: {
    brief: "Run a command in the container of a service",
    fullDescription:
      "Run a command in the container of a service: landfall app exec STACK SERVICE -- COMMAND. The exit status is the command's.",
  },
});
