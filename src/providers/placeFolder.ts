import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import type { Files } from "../ports/Files.ts";
import type { Workspace } from "../Workspace.ts";
import type { FolderFile } from "./FolderFile.ts";

/** A complete folder that stands beside its place in the tree, where listing does not see it and git ignores it. */
export interface StagedFolder {
  path: string;
  /** Puts it in its place; a folder that stands there already goes. */
  place(): Promise<void>;
  remove(): Promise<void>;
}

/** Every file is on the disk before the folder gets its name, so that others see all of it or nothing. */
export async function stageFolder(
  name: string,
  content: readonly FolderFile[],
  { providers }: Pick<Workspace, "providers">,
  files: Files,
): Promise<StagedFolder> {
  const beside = join(providers, `.${name}.${randomBytes(6).toString("hex")}.tmp`);
  const path = join(beside, name);
  try {
    await makeDirectory(path);
    for (const directory of directoriesOf(content)) await makeDirectory(join(path, directory));
    for (const file of content) {
      await files.write(join(path, file.path), file.bytes, file.executable ? 0o755 : 0o644);
    }
  } catch (error) {
    await files.remove(beside);
    throw error;
  }
  return {
    path,
    async place() {
      const target = join(providers, name);
      const former = join(beside, "former");
      const replaces = (await files.status(target)) !== undefined;
      if (replaces) await files.rename(target, former);
      try {
        await files.rename(path, target);
      } catch (error) {
        if (replaces) await files.rename(former, target);
        throw error;
      }
    },
    remove: () => files.remove(beside),
  };

  /** Committed files are for everybody, whatever the mask of this process is. */
  async function makeDirectory(directory: string): Promise<void> {
    await files.makeDirectory(directory);
    await files.chmod(directory, 0o755);
  }
}

/** Takes a folder out of the tree at once, then removes it. */
export async function removeFolder(
  name: string,
  { providers }: Pick<Workspace, "providers">,
  files: Files,
): Promise<void> {
  const beside = join(providers, `.${name}.${randomBytes(6).toString("hex")}.tmp`);
  if ((await files.status(join(providers, name))) !== undefined) await files.rename(join(providers, name), beside);
  await files.remove(beside);
}

/** Parents before what is in them. */
function directoriesOf(content: readonly FolderFile[]): string[] {
  const all = new Set<string>();
  for (const { path } of content) {
    for (let directory = dirname(path); directory !== "."; directory = dirname(directory)) all.add(directory);
  }
  return [...all].sort((a, b) => a.length - b.length);
}
