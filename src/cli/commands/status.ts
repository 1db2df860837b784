import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, type CommonFlags } from "../flags.ts";

interface Flags extends CommonFlags {
  check: boolean;
}

export const status = buildCommand<Flags, [string?], CliContext>({
  loader: async () => {
    const { statusOfStacks } = await import("../../operations/statusOfStacks.ts");
    const { presentStatus } = await import("../results/presentStatus.ts");
    return async function (flags, selector) {
      const statuses = await statusOfStacks({ selector }, this.operations);
      this.finish(presentStatus(statuses, { check: flags.check, single: selector !== undefined }));
    };
  },
  parameters: {
    flags: {
      ...commonFlags,
      check: {
        kind: "boolean",
        brief: "End with 8 where the machine is absent, 9 unreachable, 10 unfinished",
        default: false,
        withNegated: false,
      },
    },
    positional: {
      kind: "tuple",
      parameters: [
        { brief: "A stack, or an environment with one stack", parse: String, placeholder: "STACK", optional: true },
      ],
    },
  },
  docs: { brief: "Machine, SSH, first boot and last run of one stack, or of all" },
});
