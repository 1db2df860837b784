import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, yesFlag, type YesFlag, type CommonFlags } from "../flags.ts";

export const setup = buildCommand<CommonFlags & YesFlag, [string?], CliContext>({
  loader: async () => {
    const { setUp } = await import("../../operations/setUp.ts");
    const { presentChecks } = await import("../results/presentChecks.ts");
    return async function (flags, provider) {
      this.finish(presentChecks("setup", await setUp({ provider, yes: flags.yes }, this.operations)));
    };
  },
  parameters: {
    flags: { ...commonFlags, ...yesFlag },
    positional: {
      kind: "tuple",
      parameters: [
        {
          brief: "Name of a provider; without it, the engine only",
          parse: String,
          placeholder: "PROVIDER",
          optional: true,
        },
      ],
    },
  },
  docs: { brief: "Install what is needed: the engine, and what a provider needs" },
});
