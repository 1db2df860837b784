import { isDeepStrictEqual } from "node:util";
import type { ResourceChange } from "./engineJson.ts";

/** What forces a replacement, or what changes; dotted paths without values, for people. */
export function changedAttributes(change: ResourceChange): string[] {
  const { actions, replace_paths: forcing } = change.change;
  if (forcing !== undefined && forcing.length > 0) return unique(forcing.map((path) => path.join(".")));
  if (!actions.includes("update")) return [];
  const known = difference(change.change.before, change.change.after, change.change.after_unknown, "");
  // What the provider will only tell afterwards says little, unless it is all there is.
  return unique(known.length > 0 ? known : unknownPaths(change.change.after_unknown, ""));
}

/** As above, with everything that is not known yet: it may change. */
export function allChangedAttributes(change: ResourceChange): string[] {
  return unique([...changedAttributes(change), ...unknownPaths(change.change.after_unknown, "")]);
}

function difference(before: unknown, after: unknown, unknown: unknown, path: string): string[] {
  if (unknown === true || isDeepStrictEqual(before, after)) return [];
  if (!isContainer(before) || !isContainer(after)) return [path];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    difference(before[key], after[key], isContainer(unknown) ? unknown[key] : undefined, join(path, key)),
  );
}

function unknownPaths(unknown: unknown, path: string): string[] {
  if (unknown === true) return [path];
  if (!isContainer(unknown)) return [];
  return Object.entries(unknown).flatMap(([key, value]) => unknownPaths(value, join(path, key)));
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function unique(paths: readonly string[]): string[] {
  return [...new Set(paths)].sort();
}
