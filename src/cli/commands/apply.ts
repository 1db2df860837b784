import { resolve } from "node:path";
import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import {
  commonFlags,
  settingFlags,
  yesFlag,
  type CommonFlags,
  type SettingFlags,
  type YesFlag,
  waitFlag,
  type WaitFlag,
} from "../flags.ts";

interface Flags extends CommonFlags, YesFlag, SettingFlags, WaitFlag {
  skipWait: boolean;
}

export const apply = buildCommand<Flags, [string], CliContext>({
  loader: async () => {
    const { applyStack } = await import("../../operations/applyStack.ts");
    const { readPlanFile } = await import("../../operations/readPlanFile.ts");
    const { presentApply } = await import("../results/presentApply.ts");
    return async function (flags, subject) {
      const plan = await readPlanFile(resolve(subject), this.operations.ports.files);
      const result = await applyStack(
        { stack: plan?.stack ?? subject, yes: flags.yes, set: flags.set ?? [], skipWait: flags.skipWait, plan },
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
      ...waitFlag,
      skipWait: {
        kind: "boolean",
        brief: "Do not wait until the machine answers (SKIP_WAIT=true)",
        default: false,
        withNegated: false,
      },
    },
    positional: {
      kind: "tuple",
      parameters: [
        {
          brief: "ENVIRONMENT/PROVIDER, such as development/example, or a file that plan --out wrote",
          parse: String,
          placeholder: "STACK|PLAN",
        },
      ],
    },
  },
  docs: { brief: "Plan, show what will happen, apply exactly that, wait until the machine answers" },
});
