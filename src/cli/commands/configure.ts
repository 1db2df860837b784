import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, settingFlags, type CommonFlags, type SettingFlags } from "../flags.ts";

interface Flags extends CommonFlags, SettingFlags {
  provider?: string;
  dryRun: boolean;
}

export const configure = buildCommand<Flags, [string], CliContext>({
  loader: async () => {
    const { configureEnvironment } = await import("../../operations/configureEnvironment.ts");
    const { presentConfigured } = await import("../results/presentConfigured.ts");
    return async function ({ provider, set = [], dryRun }, environment) {
      const options = { environment, set, dryRun, ...(provider === undefined ? {} : { provider }) };
      this.finish(presentConfigured(await configureEnvironment(options, this.operations)));
    };
  },
  parameters: {
    flags: {
      ...commonFlags,
      set: { ...settingFlags.set, brief: "A value to write: KEY=VALUE, KEY=@FILE or KEY=-" },
      provider: {
        kind: "parsed",
        parse: String,
        brief: "Also the file of this provider",
        optional: true,
        placeholder: "NAME",
      },
      dryRun: {
        kind: "boolean",
        brief: "Show what would be written, secrets masked, and write nothing",
        default: false,
        withNegated: false,
      },
    },
    positional: {
      kind: "tuple",
      parameters: [{ brief: "Name of an environment", parse: String, placeholder: "ENVIRONMENT" }],
    },
  },
  docs: { brief: "Make or complete an environment's file: secrets are generated, the rest is asked" },
});
