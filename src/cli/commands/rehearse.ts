import { buildCommand } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import {
  commonFlags,
  rehearsalFlags,
  settingFlags,
  stackParameter,
  yesFlag,
  type CommonFlags,
  type RehearsalFlags,
  type SettingFlags,
  type YesFlag,
} from "../flags.ts";

export const rehearse = buildCommand<CommonFlags & YesFlag & SettingFlags & RehearsalFlags, [string], CliContext>({
  loader: async () => {
    const { rehearseStack } = await import("../../operations/rehearseStack.ts");
    const { presentRehearsal } = await import("../results/presentRehearsal.ts");
    return async function (flags, stack) {
      const report = await rehearseStack(
        { stack, set: flags.set ?? [], yes: flags.yes, faults: flags.fault ?? [], boot: flags.boot },
        this.operations,
      );
      this.finish(presentRehearsal(report));
    };
  },
  parameters: {
    flags: { ...commonFlags, ...yesFlag, ...settingFlags, ...rehearsalFlags },
    positional: stackParameter,
  },
  docs: {
    brief: "Rehearse a stack offline: plan, apply, status, destroy of a throw-away twin, without an account",
    fullDescription:
      "Starts a simulation of the provider's API on this computer and takes a throw-away twin of the stack through init, plan, apply, a second plan that has to be empty, status and destroy, with the genuine engine and plugin. Needs no credentials and cannot reach the real API.",
  },
});
