import { join } from "node:path";
import type { Files } from "../ports/Files.ts";

/** Files below a folder that the engine reads as configuration, relative and sorted; links are followed. */
export async function moduleFiles(folder: string, files: Files): Promise<string[]> {
  const found = await walk(folder, "", files, 0);
  return found.sort();
}

/** Folders that are no part of a module. */
const skipped = new Set(["plugin", "node_modules"]);
const mostDepth = 8;

async function walk(folder: string, below: string, files: Files, depth: number): Promise<string[]> {
  const names = depth > mostDepth ? [] : ((await files.list(join(folder, below))) ?? []);
  const found = await Promise.all(
    names.map(async (name): Promise<string[]> => {
      const path = join(below, name);
      if (/\.(tf|tofu)(\.json)?$/.test(name) || name === ".terraform.lock.hcl") return [path];
      if (name.startsWith(".") || skipped.has(name)) return [];
      const status = await files.status(join(folder, path));
      return status?.kind === "file" ? [] : walk(folder, path, files, depth + 1);
    }),
  );
  return found.flat();
}
