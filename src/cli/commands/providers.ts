import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { outputFlags, type OutputFlags } from "../flags.ts";

export const providers = buildCommand<OutputFlags, [], CliContext>({
  loader: async () => {
    const { listProviders } = await import("../../operations/listProviders.ts");
    const { presentProviders } = await import("../results/presentProviders.ts");
    return async function () {
      this.finish(presentProviders(await listProviders(this.operations)));
    };
  },
  parameters: { flags: outputFlags },
  docs: { brief: "List the providers; executes nothing of theirs" },
});
