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
} from "../flags.ts";

interface Flags extends CommonFlags, YesFlag, SettingFlags {
  skipWait: boolean;
}

export const apply = buildCommand<Flags, [string], CliContext>({
  loader: async () => {
    const { applyStack } = await import("../../operations/applyStack.ts");
    const { presentApply } = await import("../results/presentApply.ts");
    return async function (flags, stack) {
      const result = await applyStack(
        { stack, yes: flags.yes, set: flags.set ?? [], skipWait: flags.skipWait },
        this.operations,
      );
      this.finish(presentApply(result));
    };
  },
  parameters: {
    flags: {
      ...commonFlags,
      ...yesFlag,
      ...settingFlags,
      skipWait: {
        kind: "boolean",
        brief: "Do not wait until the machine answers (SKIP_WAIT=true)",
        default: false,
        withNegated: false,
      },
    },
    positional: stackParameter,
  },
  docs: { brief: "Plan, show what will happen, apply exactly that, wait until the machine answers" },
});
