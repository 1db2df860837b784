import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import {
  outputFlags,
  settingFlags,
  stackParameter,
  yesFlag,
  type OutputFlags,
  type SettingFlags,
  type YesFlag,
} from "../flags.ts";

interface Flags extends OutputFlags, YesFlag, SettingFlags {
  detailedExitcode: boolean;
}

export const plan = buildCommand<Flags, [string], CliContext>({
  loader: async () => {
    const { planStack } = await import("../../operations/planStack.ts");
    const { presentPlan } = await import("../results/presentPlan.ts");
    return async function (flags, stack) {
      const result = await planStack({ stack, yes: flags.yes, set: flags.set ?? [] }, this.operations);
      this.finish(presentPlan(result, flags.detailedExitcode));
    };
  },
  parameters: {
    flags: {
      ...outputFlags,
      ...yesFlag,
      ...settingFlags,
      detailedExitcode: {
        kind: "boolean",
        brief: "End with 2 where there are changes",
        default: false,
        withNegated: false,
      },
    },
    positional: stackParameter,
  },
  docs: { brief: "Show what apply would do to the machine and its data" },
});
