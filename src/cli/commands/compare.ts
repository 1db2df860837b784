import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, settingFlags, type CommonFlags, type SettingFlags } from "../flags.ts";

export const compare = buildCommand<CommonFlags & SettingFlags, [string], CliContext>({
  loader: async () => {
    const { compareProviders } = await import("../../operations/compareProviders.ts");
    const { presentComparison } = await import("../results/presentComparison.ts");
    return async function (flags, environment) {
      this.finish(presentComparison(await compareProviders({ environment, set: flags.set ?? [] }, this.operations)));
    };
  },
  parameters: {
    flags: { ...commonFlags, ...settingFlags },
    positional: {
      kind: "tuple",
      parameters: [{ brief: "Name of an environment", parse: String, placeholder: "ENVIRONMENT" }],
    },
  },
  docs: { brief: "What an environment would be on every provider: type, monthly price, what is missing" },
});
