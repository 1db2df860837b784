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

export const destroy = buildCommand<Flags, [string], CliContext>({
  loader: async () => {
    const { destroyStack } = await import("../../operations/destroyStack.ts");
    const { presentDestroy } = await import("../results/presentDestroy.ts");
    return async function (flags, stack) {
      this.finish(presentDestroy(await destroyStack({ stack, yes: flags.yes, set: flags.set ?? [] }, this.operations)));
    };
  },
  parameters: { flags: { ...outputFlags, ...yesFlag, ...settingFlags }, positional: stackParameter },
  docs: { brief: "Remove everything that belongs to a stack, data included" },
});
