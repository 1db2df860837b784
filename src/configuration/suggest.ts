import { closest, distance } from "fastest-levenshtein";

/** The candidate that was probably meant; undefined when none is near. */
export function suggest(name: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const nearest = closest(name, candidates);
  const near = distance(name, nearest) <= Math.max(2, Math.floor(nearest.length / 4));
  return near ? nearest : undefined;
}
