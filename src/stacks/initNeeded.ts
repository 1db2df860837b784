import { join } from "node:path";
import type { Files } from "../ports/Files.ts";
import { currentInitStamp, readInitStamp } from "./initStamp.ts";
import type { StackPaths } from "./stackPaths.ts";

/** Whether modules, lock or installed plugins differ from what the last `init` left. `hash` is that of `moduleTreeHash`. */
export async function initNeeded(paths: StackPaths, hash: string, files: Files): Promise<boolean> {
  const working = join(paths.directory, ".terraform");
  const [stamp, current, present] = await Promise.all([
    readInitStamp(paths, files),
    currentInitStamp(paths, hash, files),
    files.exists(working),
  ]);
  if (!present || stamp?.tree !== current.tree || stamp.lock !== current.lock) return true;
  return !(await pluginsAreThere(join(working, "providers"), 5, files));
}

/** Plugins stand in HOST/NAMESPACE/TYPE/VERSION/PLATFORM, the last often a link into a cache that may have been emptied. */
async function pluginsAreThere(path: string, levels: number, files: Files): Promise<boolean> {
  if (levels === 0) return files.exists(path);
  const names = (await files.list(path)) ?? [];
  const there = await Promise.all(names.map((name) => pluginsAreThere(join(path, name), levels - 1, files)));
  return there.every(Boolean);
}
