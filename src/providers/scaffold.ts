import type { FolderFile } from "./FolderFile.ts";

/** The name of the provider in `scaffold/`, which new ones are copies of. */
export const scaffoldName = "new-cloud";

/** A text of the scaffold for a provider of another name: its name, its variables and its title. What it writes is not read again. */
export function renameScaffold(text: string, name: string): string {
  const spellings: Record<string, string> = {
    [scaffoldName]: name,
    NEW_CLOUD: name.replaceAll("-", "_").toUpperCase(),
    newcloud: name.replaceAll("-", ""),
    "New Cloud": titleOf(name),
  };
  return text.replaceAll(new RegExp(Object.keys(spellings).join("|"), "g"), (found) => spellings[found] ?? found);
}

/** The files of the scaffold for a provider of another name. */
export function renameScaffoldFiles(files: readonly FolderFile[], name: string): FolderFile[] {
  return files.map((file) => ({
    ...file,
    bytes: new TextEncoder().encode(renameScaffold(new TextDecoder().decode(file.bytes), name)),
  }));
}

function titleOf(name: string): string {
  const words = name.split("-").filter((word) => word !== "");
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join(" ");
}
