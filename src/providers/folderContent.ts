import { createHash } from "node:crypto";
import type { FolderContent, FolderFile } from "./FolderFile.ts";

/** Hashes of files and of the whole. Modes do not count: version control and archives keep them differently. */
export function folderContent(files: readonly FolderFile[]): FolderContent {
  const entries = files
    .map(({ path, bytes }): [string, string] => [path, sha256(bytes)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const whole = entries.map(([path, hash]) => `${hash}  ${path}\n`).join("");
  return { hash: `sha256:${sha256(Buffer.from(whole))}`, files: Object.fromEntries(entries) };
}

/** What became of a folder, one phrase for each file. */
export function contentChanges(before: FolderContent["files"], after: FolderContent["files"]): string[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return paths.flatMap((path) => {
    const [old, now] = [before, after].map((files) => (Object.hasOwn(files, path) ? files[path] : undefined));
    if (old === now) return [];
    return [`${path} ${old === undefined ? "was added" : now === undefined ? "was removed" : "was changed"}`];
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
