import { dirname, join, relative } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Files } from "../ports/Files.ts";
import type { StackPaths } from "./stackPaths.ts";

/** The files of the root module that every stack shares. */
export const rootModuleFiles = ["main.tf", "variables.tf", "outputs.tf"] as const;

interface ModuleTree {
  /** The directory of the root module and of `modules`. */
  root: string;
  providerName: string;
  providerFolder: string;
  /** A folder that belongs to somewhere else is linked by its absolute path: the clone may be moved, that folder not. */
  outside: boolean;
  /** Text of a module around the folder, which then is linked below it. */
  wrapper?: string | undefined;
}

/**
 * Points the stack's links at a root module and one provider folder, and removes the links of any other provider.
 * Links are relative wherever both ends move together. Gives whether anything changed.
 */
export async function linkModuleTree(paths: StackPaths, tree: ModuleTree, files: Files): Promise<boolean> {
  // A link is resolved from where its directory really is.
  const [directory, root] = await Promise.all([real(paths.directory, files), real(tree.root, files)]);
  const providers = join(directory, "providers");
  const missing = [];
  for (const name of rootModuleFiles) if (!(await files.exists(join(root, name)))) missing.push(name);
  if (missing.length > 0) {
    throw new AppError("stack.rootModule", `the root module in ${tree.root} lacks ${missing.join(", ")}`, {
      hint: "restore those files, for example: git checkout -- infrastructure/terraform",
      exit: exitCodes.usage,
    });
  }
  const links = new Map<string, string>();
  for (const name of [...rootModuleFiles, "modules"])
    links.set(join(directory, name), relative(directory, join(root, name)));
  const place = join(providers, tree.providerName);
  const folder = tree.wrapper === undefined ? place : join(place, "module");
  links.set(folder, tree.outside ? tree.providerFolder : relative(dirname(folder), tree.providerFolder));

  let changed = await makeRealDirectory(providers, files);
  for (const name of (await files.list(providers)) ?? []) {
    if (name === tree.providerName) continue;
    await files.remove(join(providers, name));
    changed = true;
  }
  if (tree.wrapper !== undefined) changed = (await placeWrapper(place, tree.wrapper, files)) || changed;
  for (const [path, target] of links) changed = (await link(target, path, files)) || changed;
  return changed;
}

async function placeWrapper(place: string, text: string, files: Files): Promise<boolean> {
  let changed = await makeRealDirectory(place, files);
  for (const name of (await files.list(place)) ?? []) {
    if (name === wrapperFile || name === "module") continue;
    await files.remove(join(place, name));
    changed = true;
  }
  if ((await files.read(join(place, wrapperFile))) === text) return changed;
  await files.write(join(place, wrapperFile), text);
  return true;
}

const wrapperFile = "main.tf.json";

async function makeRealDirectory(path: string, files: Files): Promise<boolean> {
  const kind = (await files.status(path))?.kind;
  if (kind === "directory") return false;
  if (kind !== undefined) await files.remove(path);
  await files.makeDirectory(path);
  return true;
}

async function link(target: string, path: string, files: Files): Promise<boolean> {
  const before = await files.status(path);
  if (before?.kind === "directory") await files.remove(path);
  await files.link(target, path);
  const after = await files.status(path);
  return before?.kind !== "link" || before.modifiedMs !== after?.modifiedMs;
}

async function real(path: string, files: Files): Promise<string> {
  return (await files.realPath(path)) ?? path;
}
