import { decideConfirmation, type ConfirmationRequest } from "../engine/decideConfirmation.ts";
import { AppError } from "../errors.ts";
import type { PlanSummary } from "../events/Event.ts";
import { exitCodes } from "../exitCodes.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";

/** Goes on only where the confirmation rules let this plan pass; asks the person where they say so. */
export async function confirmPlan(
  operation: "apply" | "destroy",
  { impact }: PlanSummary,
  loaded: Pick<LoadedStack, "stack" | "configuration">,
  yes: boolean,
  context: OperationContext,
): Promise<void> {
  return confirm(operation, impact, loaded, yes, context);
}

/** The same for what has no plan. */
export async function confirm(
  operation: ConfirmationRequest["operation"],
  impact: ConfirmationRequest["impact"],
  { stack, configuration }: Pick<LoadedStack, "stack" | "configuration">,
  yes: boolean,
  { ports }: OperationContext,
): Promise<void> {
  const { terminal, machine } = ports;
  const decision = decideConfirmation({
    operation,
    impact,
    protected: configuration.standard.protected,
    stack: stack.name,
    yes,
    confirm: machine.environment["CONFIRM"],
    terminal: terminal.interactive,
  });
  switch (decision.kind) {
    case "go":
      return;
    case "refused":
      throw decision.error;
    case "ask": {
      const answer = await terminal.ask(`${operation} ${stack.name}? [y/N] `);
      if (answer !== undefined && ["y", "yes"].includes(answer.toLowerCase())) return;
      throw declined(operation);
    }
    case "type-name": {
      const answer = await terminal.ask(`Type ${stack.name} to ${operation} it: `);
      if (answer === stack.name) return;
      throw declined(operation);
    }
  }
}

function declined(operation: string): AppError {
  return new AppError("confirmation.declined", "nothing was changed, as you said", {
    hint: `run the same command again to ${operation}`,
    exit: exitCodes.refused,
  });
}
