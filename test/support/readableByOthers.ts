import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What was made since then and can be reached by anybody but its owner. */
export function readableByOthers(path: string, since: number): string[] {
  const status = lstatSync(path);
  const { mode, birthtimeMs } = status;
  const open = (mode & 0o077) !== 0;
  if (status.isSymbolicLink()) return [];
  const found = open && birthtimeMs > since ? [`${path}: ${(mode & 0o777).toString(8)}`] : [];
  if (!status.isDirectory() || !open) return found;
  return [...found, ...readdirSync(path).flatMap((name) => readableByOthers(join(path, name), since))];
}
