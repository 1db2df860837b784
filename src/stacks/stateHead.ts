import type { StateHead } from "./JournalEntry.ts";

/** Lineage and serial of a state as it lies in a file, encrypted or not; undefined for what is empty, cut off or no state. */
export function stateHead(text: string | undefined): StateHead | undefined {
  try {
    const state = JSON.parse(text ?? "") as Partial<StateHead> | null;
    if (typeof state?.lineage !== "string" || typeof state.serial !== "number") return undefined;
    return { lineage: state.lineage, serial: state.serial };
  } catch {
    return undefined;
  }
}
