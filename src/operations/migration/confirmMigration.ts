import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { OperationContext } from "../OperationContext.ts";
import type { MigrationReport } from "./migrateTree.ts";

/** Shows what will be done, and goes on only where the user agrees or said so beforehand. */
export async function confirmMigration(
  { files, state }: Pick<MigrationReport, "files" | "state">,
  yes: boolean,
  { ports }: OperationContext,
): Promise<void> {
  if (yes) return;
  const steps = [
    ...files.filter(({ action }) => action === "write").map(({ from, to }) => `write ${to} from ${from.join(", ")}`),
    ...(state.action === "adopt" ? [`take the state ${state.file} over into ${state.stack}, if a plan proves it`] : []),
  ];
  if (!ports.terminal.interactive) {
    throw new AppError("migrate.unconfirmed", "a migration writes files, so it has to be confirmed", {
      hint: "see everything with --dry-run, then run the same command with --yes",
      exit: exitCodes.refused,
      problems: steps.map((message) => ({ message })),
    });
  }
  for (const message of steps) ports.emit({ type: "notice", level: "info", code: "migrate.step", message });
  const answer = await ports.terminal.ask("Do this? Nothing old is changed. [y/N] ");
  if (answer !== undefined && ["y", "yes"].includes(answer.toLowerCase())) return;
  throw new AppError("confirmation.declined", "nothing was changed, as you said", {
    hint: "landfall migrate --dry-run shows all of it",
    exit: exitCodes.refused,
  });
}
