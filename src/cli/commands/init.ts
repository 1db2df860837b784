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

export const init = buildCommand<Flags, [string], CliContext>({
  loader: async () => {
    const { initStack } = await import("../../operations/initStack.ts");
    const { presentInit } = await import("../results/presentInit.ts");
    return async function (flags, stack) {
      this.finish(presentInit(await initStack({ stack, yes: flags.yes, set: flags.set ?? [] }, this.operations)));
    };
  },
  parameters: { flags: { ...outputFlags, ...yesFlag, ...settingFlags }, positional: stackParameter },
  docs: { brief: "Prepare the machine, the engine and the stack's directory" },
});
