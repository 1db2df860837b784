import { AppError } from "./errors.ts";
import { exitCodes } from "./exitCodes.ts";
import { refusedBySystem } from "./refusedBySystem.ts";

/** What was thrown, for the user: what is neither theirs nor the system's is a bug. */
export function explainError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const refused = refusedBySystem(error);
  if (refused !== undefined) return refused;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AppError("bug", `Landfall has a bug: ${text}`, {
    hint: "run the same command again; if it repeats, report it with this text",
    exit: exitCodes.bug,
    cause: error,
  });
}
