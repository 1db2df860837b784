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

type Flags = OutputFlags & YesFlag & SettingFlags;

export const refresh = buildCommand<Flags, [string], CliContext>({
  loader: async () => {
    const { refreshStack } = await import("../../operations/refreshStack.ts");
    const { presentRefresh } = await import("../results/presentRefresh.ts");
    return async function (flags, stack) {
      this.finish(presentRefresh(await refreshStack({ stack, yes: flags.yes, set: flags.set ?? [] }, this.operations)));
    };
  },
  parameters: { flags: { ...outputFlags, ...yesFlag, ...settingFlags }, positional: stackParameter },
  docs: { brief: "Bring what is known of the stack up to date with what exists" },
});
