import { parseState } from "./StateContent.ts";

/**
 * The first to be written to a new place. Some backends keep a lineage of their own at the first writing, which therefore
 * says nothing yet.
 */
export function emptiedState(state: string): string {
  return JSON.stringify({ ...(JSON.parse(state) as object), serial: 0, resources: [], outputs: {} });
}

/** What backends begin with, or a destroy leaves. */
export function isEmptyState(state: string): boolean {
  const { resources, outputs } = parseState(state);
  return resources.length === 0 && Object.keys(outputs).length === 0;
}
