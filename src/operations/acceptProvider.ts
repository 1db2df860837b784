import { writeAcceptedFolder } from "../providers/acceptedFolders.ts";
import { findProvider } from "../providers/findProvider.ts";
import type { FolderContent } from "../providers/FolderFile.ts";
import { leftOutInPlace } from "../providers/folderProblems.ts";
import type { Provider } from "../providers/Provider.ts";
import { readProvidersLock, writeProvidersLock } from "../providers/providersLock.ts";
import { readFolder } from "../providers/readFolder.ts";
import { standingOf } from "../providers/standingOf.ts";
import { askToAccept } from "./askToAccept.ts";
import { holdProviders } from "./holdProviders.ts";
import { listProviders } from "./listProviders.ts";
import type { OperationContext } from "./OperationContext.ts";

export interface AcceptedProvider {
  provider: string;
  folder: string;
  /** Absent where the folder belongs to this repository. */
  hash?: string;
  /** False where there was nothing to accept. */
  changed: boolean;
}

/** Lets a folder run as it is now. Executes nothing of it. */
export async function acceptProvider(
  { name, yes }: { name: string; yes: boolean },
  context: OperationContext,
): Promise<AcceptedProvider> {
  const { ports, workspace } = context;
  const provider = findProvider(await listProviders(context), name, workspace);
  const { folder } = provider;
  const standing = await standingOf(provider, context);
  if (standing.kind === "own") return { provider: name, folder, changed: false };
  const { content, source = folder } = standing;
  if (standing.kind === "accepted") return { provider: name, folder, hash: content.hash, changed: false };
  const files = await readFolder(folder, ports.files, leftOutInPlace);
  await askToAccept(
    { name, source, hash: content.hash, files, changes: standing.changes },
    { yes, action: "accept" },
    context,
  );
  await recordAcceptance(provider, content, context);
  return { provider: name, folder, hash: content.hash, changed: true };
}

/** In the clone for a folder of the clone, so that it holds for everybody; else for this user. */
export async function recordAcceptance(
  { name, folder, origin }: Provider,
  content: FolderContent,
  context: OperationContext,
): Promise<void> {
  const { ports, workspace } = context;
  await holdProviders(context, async () => {
    if (origin !== "tree") return writeAcceptedFolder(folder, content, ports);
    const lock = new Map(await readProvidersLock(workspace, ports.files));
    const recorded = lock.get(name);
    if (recorded !== undefined) lock.set(name, { ...recorded, accepted: content.hash });
    return writeProvidersLock(workspace, lock, ports.files);
  });
}
