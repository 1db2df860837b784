import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, type CommonFlags } from "../flags.ts";

export const providers = buildCommand<CommonFlags, [], CliContext>({
  loader: async () => {
    const { listProviders } = await import("../../operations/listProviders.ts");
    const { presentProviders } = await import("../results/presentProviders.ts");
    return async function () {
      this.finish(presentProviders(await listProviders(this.operations)));
    };
  },
  parameters: { flags: commonFlags },
  docs: { brief: "List the providers; executes nothing of theirs" },
});
