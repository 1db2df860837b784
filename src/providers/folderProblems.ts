import { AppError, type Problem } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { FolderFile } from "./FolderFile.ts";

/** Beyond that it is no provider folder: the largest known have a twentieth of it. */
export const folderLimits = { files: 2000, bytes: 32 * 1024 * 1024, depth: 12, pathLength: 200 } as const;

/** Kept by other programs, and never part of a provider. */
export const leftOut: readonly string[] = [".git", ".terraform"];

/** Where a folder runs in its place, the engine's own is refused: code and modules of the folder could use what is in it. */
export const leftOutInPlace: readonly string[] = [".git"];

// eslint-disable-next-line no-control-regex -- names that a terminal or a list would not show as they are
const oddCharacter = /[\p{Cc}\p{Bidi_Control}\ufffd\\]/u;

/** Why a name cannot be taken; undefined where it can. */
export function pathProblem(path: string): string | undefined {
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) return "a path that leaves the folder";
  if (oddCharacter.test(path)) return "a name with control characters, a backslash, or no UTF-8";
  if (path.length > folderLimits.pathLength) return `a path of more than ${folderLimits.pathLength} characters`;
  if (parts.length > folderLimits.depth) return `more than ${folderLimits.depth} levels deep`;
  return undefined;
}

/** Throws AppError `provider.folder` where files are too many, too large, or in each other's way. */
export function checkFolder(files: readonly FolderFile[], shown: string): void {
  const problems: Problem[] = [];
  const paths = new Set<string>();
  for (const { path } of files) {
    const what = paths.has(path) ? "there twice" : pathProblem(path);
    if (what !== undefined) problems.push({ message: what, where: `${shown}: ${JSON.stringify(path)}` });
    paths.add(path);
  }
  for (const { path } of files) {
    const parents = path.split("/").map((_part, index, parts) => parts.slice(0, index).join("/"));
    if (parents.some((parent) => paths.has(parent)))
      problems.push({ message: `${path} is below a file`, where: shown });
  }
  const bytes = files.reduce((sum, file) => sum + file.bytes.byteLength, 0);
  if (files.length > folderLimits.files || bytes > folderLimits.bytes)
    problems.push({ message: tooLarge, where: shown });
  if (problems.length > 0) throw unfitFolder(shown, problems);
}

const tooLarge = `more than ${folderLimits.files} files or ${folderLimits.bytes / 1024 / 1024} MiB`;

export function folderTooLarge(shown: string): AppError {
  return unfitFolder(shown, [{ message: tooLarge, where: shown }]);
}

export function unfitFolder(shown: string, problems: readonly Problem[]): AppError {
  return new AppError("provider.folder", `${shown} is no folder that can be taken for a provider`, {
    hint: "a provider folder holds plain files only: no links, devices or archives of other things",
    exit: exitCodes.refused,
    problems: problems.slice(0, 20),
  });
}
