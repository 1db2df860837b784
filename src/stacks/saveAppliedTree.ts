import { randomBytes } from "node:crypto";
import { basename, join } from "node:path";
import type { Files } from "../ports/Files.ts";
import type { Provider } from "../providers/Provider.ts";
import type { Workspace } from "../Workspace.ts";
import { rootModuleFiles } from "./linkModuleTree.ts";
import type { StackPaths } from "./stackPaths.ts";

/**
 * Keeps a copy of the module tree that was just applied, for a destroy without the provider's folder: with the recipe
 * of its plugin, which may be the only way to it.
 * The former copy stays in force until the new one is complete.
 */
export async function saveAppliedTree(
  paths: StackPaths,
  provider: Provider,
  workspace: Workspace,
  files: Files,
): Promise<void> {
  if (provider.origin === "copy") return;
  const copy = join(paths.directory, `.applied-${randomBytes(6).toString("hex")}`);
  const folder = join(copy, "providers", provider.name);
  await files.makeDirectory(folder);
  try {
    for (const name of rootModuleFiles) await files.copy(join(workspace.terraform, name), join(copy, name));
    const modules = join(workspace.terraform, "modules");
    if (await files.exists(modules)) await files.copyTree(modules, join(copy, "modules"));
    for (const name of (await files.list(provider.folder)) ?? []) {
      if (isKept(name)) await files.copyTree(join(provider.folder, name), join(folder, name));
    }
    await replaceDirectory(paths.appliedTree, copy, files);
  } finally {
    await removeFormerCopies(paths, files);
  }
}

function isKept(name: string): boolean {
  if (name === ".terraform.lock.hcl") return true;
  return !name.startsWith(".") && !name.startsWith("README") && name !== "node_modules";
}

/** A link is replaced in one step: a destroy that comes in between finds the old copy or the new one. */
async function replaceDirectory(path: string, copy: string, files: Files): Promise<void> {
  const status = await files.status(path);
  if (status !== undefined && status.kind !== "link") await files.remove(path);
  await files.link(basename(copy), path);
}

async function removeFormerCopies(paths: StackPaths, files: Files): Promise<void> {
  const current = await files.realPath(paths.appliedTree);
  for (const name of (await files.list(paths.directory)) ?? []) {
    if (!name.startsWith(".applied-") || (current !== undefined && basename(current) === name)) continue;
    await files.remove(join(paths.directory, name));
  }
}
