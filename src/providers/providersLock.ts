import { dirname, join } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Files } from "../ports/Files.ts";
import type { Workspace } from "../Workspace.ts";
import type { FolderContent } from "./FolderFile.ts";
import { isProviderName } from "./providerName.ts";

/** One provider that was added to the tree from somewhere else. */
export interface RecordedProvider extends FolderContent {
  /** Where it came from, in a form that `provider add` takes again. */
  source: string;
  /** The hash of a content that differs from the source and was accepted as it is. */
  accepted?: string;
}

export type ProvidersLock = ReadonlyMap<string, RecordedProvider>;

/** Beside the folders that it is about: a tree that is thrown away has none. */
export function providersLockFile({ providers }: Pick<Workspace, "providers">): string {
  return join(dirname(providers), "providers.lock.json");
}

/** Throws AppError `provider.lockFile` where it cannot be understood: then nothing is known of who wrote which folder. */
export async function readProvidersLock(
  workspace: Pick<Workspace, "providers">,
  files: Pick<Files, "read">,
): Promise<ProvidersLock> {
  const file = providersLockFile(workspace);
  const text = await files.read(file);
  if (text === undefined) return new Map();
  try {
    const { version, providers } = JSON.parse(text) as { version?: unknown; providers?: Record<string, unknown> };
    if (version !== 1 || typeof providers !== "object" || providers === null) throw new SyntaxError("not version 1");
    const entries = Object.entries(providers).map(([name, entry]): [string, RecordedProvider] => {
      if (!isProviderName(name)) throw new SyntaxError(`${JSON.stringify(name)} is no name of a provider`);
      if (!isRecord(entry)) throw new SyntaxError(`the entry of ${name} lacks source, hash or files`);
      return [name, entry];
    });
    return new Map(entries);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new AppError("provider.lockFile", `${file} cannot be read: ${error.message}`, {
      hint: "restore it from version control; it says which provider folders came from elsewhere",
      exit: exitCodes.usage,
      problems: [{ message: error.message, where: file }],
    });
  }
}

/** Sorted and one value a line, so that changes merge. Without any entry there is no file. */
export async function writeProvidersLock(
  workspace: Pick<Workspace, "providers">,
  lock: ProvidersLock,
  files: Pick<Files, "write" | "remove">,
): Promise<void> {
  const file = providersLockFile(workspace);
  if (lock.size === 0) return files.remove(file);
  const entries = [...lock]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { source, hash, accepted, files }]) => [
      name,
      { source, hash, ...(accepted === undefined ? {} : { accepted }), files },
    ]);
  const providers: unknown = Object.fromEntries(entries);
  await files.write(file, `${JSON.stringify({ version: 1, providers }, undefined, 2)}\n`, 0o644);
}

function isRecord(entry: unknown): entry is RecordedProvider {
  if (typeof entry !== "object" || entry === null) return false;
  const { source, hash, files } = entry as Partial<Record<keyof RecordedProvider, unknown>>;
  return typeof source === "string" && typeof hash === "string" && typeof files === "object" && files !== null;
}
