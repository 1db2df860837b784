import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, type CommonFlags } from "../flags.ts";

export const environments = buildCommand<CommonFlags, [], CliContext>({
  loader: async () => {
    const { listConfiguredEnvironments } = await import("../../operations/listConfiguredEnvironments.ts");
    const { presentEnvironments } = await import("../results/presentEnvironments.ts");
    return async function () {
      this.finish(presentEnvironments(await listConfiguredEnvironments(this.operations)));
    };
  },
  parameters: { flags: commonFlags },
  docs: { brief: "List the environments: configured, or only a template" },
});
