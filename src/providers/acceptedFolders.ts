import { dirname, join } from "node:path";
import type { Ports } from "../ports/Ports.ts";
import { stateHome } from "../ports/stateHome.ts";
import type { FolderContent } from "./FolderFile.ts";

type Access = Pick<Ports, "files" | "machine">;

/** What this user accepted outside of the clone, by folder. */
type AcceptedFolders = ReadonlyMap<string, FolderContent>;

/** With rubbish in the file nothing counts as accepted. */
export async function readAcceptedFolders({ files, machine }: Access): Promise<AcceptedFolders> {
  try {
    const { folders } = JSON.parse((await files.read(acceptedFoldersFile(machine))) ?? "") as { folders: object };
    const entries = Object.entries(folders) as [string, FolderContent][];
    return new Map(entries.filter(([, entry]) => typeof entry?.hash === "string" && typeof entry.files === "object"));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return new Map();
    throw error;
  }
}

export async function writeAcceptedFolder(folder: string, content: FolderContent, ports: Access): Promise<void> {
  const { files, machine } = ports;
  const file = acceptedFoldersFile(machine);
  const all = new Map(await readAcceptedFolders(ports)).set(folder, content);
  await files.makeDirectory(dirname(file));
  await files.write(file, `${JSON.stringify({ version: 1, folders: Object.fromEntries(all) }, undefined, 2)}\n`);
}

function acceptedFoldersFile(machine: Access["machine"]): string {
  return join(stateHome(machine), "landfall", "providers.json");
}
