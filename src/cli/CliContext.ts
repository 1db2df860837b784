import type { CommandContext } from "@stricli/core";
import type { OperationContext } from "../operations/OperationContext.ts";
import type { CommandResult } from "../reporters/Reporter.ts";

/** What Stricli hands to every command. */
export interface CliContext extends CommandContext {
  operations: OperationContext;
  /** The one result of the command: printed by the reporter once nothing failed, its exit status becomes ours. */
  finish(result: CommandResult): void;
  /** The same for a command that goes on afterwards: printed at once. */
  announce(result: CommandResult): void;
}
