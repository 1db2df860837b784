import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import { commonFlags, settingFlags, yesFlag, type CommonFlags, type SettingFlags, type YesFlag } from "../flags.ts";

export const unlock = buildCommand<CommonFlags & YesFlag & SettingFlags, [string, string?], CliContext>({
  loader: async () => {
    const { unlockStack } = await import("../../operations/unlockStack.ts");
    const { presentUnlock } = await import("../results/presentUnlock.ts");
    return async function ({ yes, set = [] }, stack, id) {
      this.finish(presentUnlock(await unlockStack({ stack, id, yes, set }, this.operations)));
    };
  },
  parameters: {
    flags: { ...commonFlags, ...yesFlag, ...settingFlags },
    positional: {
      kind: "tuple",
      parameters: [
        { brief: "ENVIRONMENT/PROVIDER", parse: String, placeholder: "STACK" },
        {
          brief: "Id of the lock; without it, the lock is only shown",
          parse: String,
          placeholder: "ID",
          optional: true,
        },
      ],
    },
  },
  docs: { brief: "Show who holds a shared state; with the lock's id, remove a lock that was left" },
});
