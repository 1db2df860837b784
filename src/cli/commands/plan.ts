import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import {
  commonFlags,
  settingFlags,
  stackParameter,
  yesFlag,
  type CommonFlags,
  type SettingFlags,
  type YesFlag,
  waitFlag,
  type WaitFlag,
} from "../flags.ts";

interface Flags extends CommonFlags, YesFlag, SettingFlags, WaitFlag {
  detailedExitcode: boolean;
  out?: string;
}

export const plan = buildCommand<Flags, [string], CliContext>({
  loader: async () => {
    const { planStack } = await import("../../operations/planStack.ts");
    const { presentPlan } = await import("../results/presentPlan.ts");
    return async function (flags, stack) {
      const result = await planStack({ stack, yes: flags.yes, set: flags.set ?? [], out: flags.out }, this.operations);
      this.finish(presentPlan(result, flags.detailedExitcode));
    };
  },
  parameters: {
    flags: {
      ...commonFlags,
      ...yesFlag,
      ...settingFlags,
      ...waitFlag,
      detailedExitcode: {
        kind: "boolean",
        brief: "End with 2 where there are changes",
        default: false,
        withNegated: false,
      },
      out: {
        kind: "parsed",
        parse: String,
        brief: "Save the plan: landfall apply FILE applies exactly that, once, within an hour",
        optional: true,
        placeholder: "FILE",
      },
    },
    positional: stackParameter,
  },
  docs: { brief: "Show what apply would do to the machine and its data" },
});
