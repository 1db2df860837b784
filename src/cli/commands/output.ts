import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, type CommonFlags } from "../flags.ts";

export const output = buildCommand<CommonFlags, [string, string?], CliContext>({
  loader: async () => {
    const { outputsOfStack } = await import("../../operations/outputsOfStack.ts");
    const { presentOutput } = await import("../results/presentOutput.ts");
    return async function (_flags, stack, name) {
      this.finish(presentOutput(await outputsOfStack({ stack, name }, this.operations)));
    };
  },
  parameters: {
    flags: commonFlags,
    positional: {
      kind: "tuple",
      parameters: [
        { brief: "ENVIRONMENT/PROVIDER", parse: String, placeholder: "STACK" },
        { brief: "One output, such as vm_ip", parse: String, placeholder: "NAME", optional: true },
      ],
    },
  },
  docs: { brief: "What the provider's module reported after the last apply" },
});
