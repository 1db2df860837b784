import { join } from "node:path";
import type { Problem } from "../errors.ts";
import type { Files } from "../ports/Files.ts";
import type { FolderFile } from "./FolderFile.ts";
import { checkFolder, folderLimits, folderTooLarge, leftOut, pathProblem, unfitFolder } from "./folderProblems.ts";

/**
 * Every file of a folder. Links are refused, as what they lead to may change unseen, and so is what is no plain file.
 * Throws AppError `provider.folder`, with all problems.
 */
export async function readFolder(
  folder: string,
  files: Files,
  without: readonly string[] = leftOut,
): Promise<FolderFile[]> {
  const found: FolderFile[] = [];
  const problems: Problem[] = [];
  let bytes = 0;
  await visit("");
  if (problems.length > 0) throw unfitFolder(folder, problems);
  checkFolder(found, folder);
  return found;

  async function visit(directory: string): Promise<void> {
    for (const name of (await files.list(join(folder, directory))) ?? []) {
      if (without.includes(name)) continue;
      const path = directory === "" ? name : `${directory}/${name}`;
      const status = await files.status(join(folder, path));
      const odd = pathProblem(path) ?? refusedNames[name] ?? refused[status?.kind ?? "other"];
      if (odd !== undefined) {
        problems.push({ message: odd, where: join(folder, path) });
      } else if (status?.kind === "directory") {
        await visit(path);
      } else {
        bytes += status?.size ?? 0;
        if (found.length >= folderLimits.files || bytes > folderLimits.bytes) throw folderTooLarge(folder);
        const content = (await files.readBytes(join(folder, path))) ?? new Uint8Array();
        found.push({ path, bytes: content, executable: ((status?.mode ?? 0) & 0o100) !== 0 });
      }
    }
  }
}

const refusedNames: Record<string, string | undefined> = {
  ".terraform":
    "the engine's own, which nobody looks at and code could use: remove it, it is made anew where it is needed",
};

const refused: Record<string, string | undefined> = {
  link: "a link",
  other: "no plain file, or gone",
};
