import { buildCommand, type Command } from "@stricli/core";
import type { OperationContext } from "../operations/OperationContext.ts";
import type { StackOptions } from "../operations/StackOptions.ts";
import type { CommandResult } from "../reporters/Reporter.ts";
import type { CliContext } from "./CliContext.ts";
import {
  commonFlags,
  settingFlags,
  stackParameter,
  waitFlag,
  yesFlag,
  type CommonFlags,
  type SettingFlags,
  type WaitFlag,
  type YesFlag,
} from "./flags.ts";

type Flags = CommonFlags & YesFlag & SettingFlags & WaitFlag;

type StackOperation = (options: StackOptions, context: OperationContext) => Promise<CommandResult>;

/** A command that takes one stack and no flag of its own. `load` imports what it does only when it runs. */
export function stackCommand(brief: string, load: () => Promise<StackOperation>): Command<CliContext> {
  return buildCommand<Flags, [string], CliContext>({
    loader: async () => {
      const operation = await load();
      return async function (flags, stack) {
        this.finish(await operation({ stack, yes: flags.yes, set: flags.set ?? [] }, this.operations));
      };
    },
    parameters: { flags: { ...commonFlags, ...yesFlag, ...settingFlags, ...waitFlag }, positional: stackParameter },
    docs: { brief },
  });
}
