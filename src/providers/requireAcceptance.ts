import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { standingOf, type CodeAccess, type CodeOwner } from "./standingOf.ts";

/**
 * Comes before anything of a provider's folder runs: its code, and its module in the engine, which may start programs.
 * Throws AppError `provider.notAccepted`, which says what changed.
 */
export async function requireAcceptance(owner: CodeOwner, access: CodeAccess): Promise<void> {
  const standing = await standingOf(owner, access);
  if (standing.kind === "own" || standing.kind === "accepted") return;
  const why =
    standing.kind === "new"
      ? "comes from outside of this clone, and nobody has accepted it yet"
      : `has changed since it was ${owner.origin === "tree" ? "added" : "accepted"}`;
  throw new AppError("provider.notAccepted", `provider ${owner.name} may not run: ${owner.folder} ${why}`, {
    hint: `look at it, then: landfall provider accept ${owner.name}`,
    exit: exitCodes.refused,
    problems: standing.changes.slice(0, 20).map((message) => ({ message })),
  });
}
