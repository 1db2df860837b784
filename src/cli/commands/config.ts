import { buildCommand, buildRouteMap } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, settingFlags, subjectParameter, type CommonFlags, type SettingFlags } from "../flags.ts";

type Flags = CommonFlags & SettingFlags;

const show = buildCommand<Flags, [string], CliContext>({
  loader: async () => {
    const { showConfiguration } = await import("../../operations/showConfiguration.ts");
    const { presentConfiguration } = await import("../results/presentConfiguration.ts");
    return async function (flags, stack) {
      const configuration = await showConfiguration(
        { stack, set: flags.set ?? [], forService: false },
        this.operations,
      );
      this.finish(presentConfiguration(configuration));
    };
  },
  parameters: { flags: { ...commonFlags, ...settingFlags }, positional: subjectParameter },
  docs: { brief: "Every value of a stack with its origin, secrets masked" },
});

const check = buildCommand<Flags, [string], CliContext>({
  loader: async () => {
    const { showConfiguration } = await import("../../operations/showConfiguration.ts");
    const { presentConfigurationCheck } = await import("../results/presentConfigurationCheck.ts");
    return async function (flags, stack) {
      const configuration = await showConfiguration({ stack, set: flags.set ?? [], forService: true }, this.operations);
      this.finish(presentConfigurationCheck(configuration));
    };
  },
  parameters: { flags: { ...commonFlags, ...settingFlags }, positional: subjectParameter },
  docs: { brief: "Validate the configuration of a stack; every problem in one report" },
});

export const config = buildRouteMap({ routes: { show, check }, docs: { brief: "The configuration of a stack" } });
