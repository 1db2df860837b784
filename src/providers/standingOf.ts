import type { Ports } from "../ports/Ports.ts";
import type { Workspace } from "../Workspace.ts";
import { readAcceptedFolders } from "./acceptedFolders.ts";
import { contentChanges, folderContent } from "./folderContent.ts";
import type { FolderContent } from "./FolderFile.ts";
import { leftOutInPlace } from "./folderProblems.ts";
import type { Provider } from "./Provider.ts";
import { readProvidersLock } from "./providersLock.ts";
import { readFolder } from "./readFolder.ts";

/** What is needed to tell whether a folder's code may run. */
export interface CodeAccess {
  workspace: Workspace;
  ports: Pick<Ports, "files" | "machine">;
}

export type CodeOwner = Pick<Provider, "name" | "folder" | "origin">;

/**
 * Whether the code of a folder may run. `own`: it belongs to this repository, as Landfall does. A folder that was added
 * may run as it was recorded, or as it was accepted since; one outside of the tree only as this user accepted it.
 */
export type Standing =
  | { kind: "own" }
  | { kind: "accepted"; content: FolderContent; source?: string }
  | {
      kind: "new" | "changed";
      content: FolderContent;
      source?: string;
      /** Since it was added or accepted. */
      changes: readonly string[];
    };

/** Reads the folder and executes nothing of it. Throws AppError `provider.folder` for one that cannot be told by its content. */
export async function standingOf(owner: CodeOwner, { workspace, ports }: CodeAccess): Promise<Standing> {
  // The copy of a stack's last apply was made from a folder that was allowed to run.
  if (owner.origin === "copy") return { kind: "own" };
  if (owner.origin === "tree") {
    const recorded = (await readProvidersLock(workspace, ports.files)).get(owner.name);
    if (recorded === undefined) return { kind: "own" };
    const content = folderContent(await readFolder(owner.folder, ports.files, leftOutInPlace));
    const { source } = recorded;
    if (content.hash === recorded.hash || content.hash === recorded.accepted)
      return { kind: "accepted", content, source };
    return { kind: "changed", content, source, changes: contentChanges(recorded.files, content.files) };
  }
  const content = folderContent(await readFolder(owner.folder, ports.files, leftOutInPlace));
  const accepted = (await readAcceptedFolders(ports)).get(owner.folder);
  if (accepted === undefined) return { kind: "new", content, changes: [] };
  if (accepted.hash === content.hash) return { kind: "accepted", content };
  return { kind: "changed", content, changes: contentChanges(accepted.files, content.files) };
}
