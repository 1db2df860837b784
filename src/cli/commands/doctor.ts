import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, type CommonFlags } from "../flags.ts";

export const doctor = buildCommand<CommonFlags, [string?], CliContext>({
  loader: async () => {
    const { diagnose } = await import("../../operations/diagnose.ts");
    const { presentChecks } = await import("../results/presentChecks.ts");
    return async function (_flags, provider) {
      this.finish(presentChecks("doctor", await diagnose({ provider }, this.operations)));
    };
  },
  parameters: {
    flags: commonFlags,
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
  docs: { brief: "Check what is needed, each with its fix" },
});
