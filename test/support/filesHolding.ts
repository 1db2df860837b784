import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** Files below a directory whose content matches, relative to it. */
export async function filesHolding(directory: string, pattern: RegExp): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const found = await Promise.all(
    files.map(async (file) =>
      pattern.test(await readFile(file, "latin1").catch(() => "")) ? [relative(directory, file)] : [],
    ),
  );
  return found.flat().toSorted();
}
