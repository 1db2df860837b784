import { AppError } from "../errors.ts";
import type { Impact } from "../events/Event.ts";
import { exitCodes } from "../exitCodes.ts";

export interface ConfirmationRequest {
  operation: "apply" | "destroy" | "state restore" | "app restore" | "change";
  /** The stack's name, such as `production/acme`. */
  stack: string;
  impact: Impact | "none" | "forget" | "by-hand";
  protected: boolean;
  yes: boolean;
  /** The value of CONFIRM. */
  confirm: string | undefined;
  /** Whether questions can be asked. */
  terminal: boolean;
}

export type ConfirmationDecision =
  | { kind: "go" }
  | { kind: "ask" }
  | { kind: "type-name" }
  | { kind: "refused"; error: AppError };

const go: ConfirmationDecision = { kind: "go" };

/**
 * Who has to agree before a plan is applied. What can be mended needs a word at most; what cannot (the machine
 * replaced, data lost, all destroyed) needs the stack's name where the environment is protected.
 */
export function decideConfirmation(request: ConfirmationRequest): ConfirmationDecision {
  if (request.impact === "none") return go;
  const named = request.confirm === request.stack;
  if (named) return go;
  if (!request.protected) {
    if (request.yes) return go;
    if (request.terminal) return { kind: "ask" };
    return isFinal(request) ? refused(request, "--yes") : go;
  }
  if (!isFinal(request)) {
    if (request.yes) return go;
    return request.terminal ? { kind: "ask" } : refused(request, "--yes");
  }
  // A CONFIRM for something else is a slip of the hand: asking now would help it along.
  const slipped = request.confirm !== undefined && request.confirm !== "";
  return request.terminal && !slipped ? { kind: "type-name" } : refused(request, `CONFIRM=${request.stack}`);
}

function isFinal({ operation, impact }: ConfirmationRequest): boolean {
  return operation === "destroy" || finalImpacts.includes(impact);
}

const finalImpacts: readonly ConfirmationRequest["impact"][] = [
  "replace-machine",
  "destroy-data",
  "destroy",
  "forget",
  "by-hand",
];

const consequences: Record<ConfirmationRequest["impact"], string> = {
  none: "changes nothing",
  create: "makes new things",
  harmless: "changes the stack",
  restart: "restarts the machine",
  "lose-address": "gives up the reserved address",
  "replace-machine": "replaces the machine",
  "destroy-data": "destroys data",
  destroy: "destroys the stack",
  forget: "makes the stack forget what exists",
  "by-hand": "may destroy what exists, or forget it",
};

function refused(request: ConfirmationRequest, way: string): ConfirmationDecision {
  const { stack, impact, confirm } = request;
  const why = request.protected ? "its environment is protected" : "there is no terminal to ask";
  const mistaken = confirm === undefined || confirm === "" ? "" : `; CONFIRM names ${confirm}`;
  return {
    kind: "refused",
    error: new AppError(
      "confirmation.needed",
      `${request.operation} of ${stack} ${consequences[impact]}, and ${why}${mistaken}`,
      { hint: `if that is what you want, run the same command with ${way}`, exit: exitCodes.refused },
    ),
  };
}
