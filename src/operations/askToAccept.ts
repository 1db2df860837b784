import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { FolderFile } from "../providers/FolderFile.ts";
import { runnableFiles } from "../providers/runnableFiles.ts";
import type { OperationContext } from "./OperationContext.ts";

export interface FolderOffer {
  /** As people know it. */
  name: string;
  source: string;
  hash: string;
  files: readonly FolderFile[];
  changes: readonly string[];
}

/** Most lines of a list that a person reads. */
const most = 40;

/** Shows what a folder would run, and goes on only with a yes: on a terminal, or `--yes`. */
export async function askToAccept(
  { name, source, hash, files, changes }: FolderOffer,
  { yes, action }: { yes: boolean; action: "add" | "accept" },
  { ports }: OperationContext,
): Promise<void> {
  const tell = (message: string): void =>
    ports.emit({ type: "notice", level: "info", code: "provider.offered", message });
  const bytes = files.reduce((sum, file) => sum + file.bytes.byteLength, 0);
  tell(`provider ${name} from ${source}: ${files.length} files, ${bytes} bytes, ${hash}`);
  const runnable = runnableFiles(files).map(({ path, bytes, when }) => `would run: ${path}, ${bytes} bytes (${when})`);
  for (const list of [runnable, changes]) {
    for (const line of list.slice(0, most)) tell(line);
    if (list.length > most) tell(`and ${list.length - most} more`);
  }
  if (yes) return;
  const { terminal } = ports;
  if (!terminal.interactive) {
    throw new AppError("provider.notAccepted", `nobody is here to accept what provider ${name} would run`, {
      hint: "look at what is listed above and at the folder, then run the same command with --yes",
      exit: exitCodes.refused,
    });
  }
  const answer = await terminal.ask(`This runs with your rights. ${action === "add" ? "Add" : "Accept"} it? [y/N] `);
  if (answer !== undefined && ["y", "yes"].includes(answer.toLowerCase())) return;
  throw new AppError("provider.declined", "nothing was changed, as you said", {
    hint: `run the same command again to ${action} it`,
    exit: exitCodes.refused,
  });
}
