import type { ManagedResource, Orphan } from "../providers/behaviour.ts";

/** What to do with what a search found. Addresses are those inside the module. */
export interface SortedOrphans {
  /** Configured, and not in the state; `forget` where the state knows a predecessor that is gone. */
  adopt: { orphan: Orphan; forget: boolean }[];
  /** Several things for one address. Which one counts, only a person can say, unless the state says it. */
  twice: { orphan: Orphan; kept: string | undefined }[];
  /** Not configured. */
  unasked: Orphan[];
}

/**
 * @param held what the state knows
 * @param missing addresses that a plan would make, because they are not in the state or do not exist any more
 */
export function sortOrphans(
  found: readonly Orphan[],
  held: readonly ManagedResource[],
  missing: readonly string[],
): SortedOrphans {
  const sorted: SortedOrphans = { adopt: [], twice: [], unasked: [] };
  for (const address of new Set(found.map((orphan) => orphan.address))) {
    const known = held.find((resource) => resource.address === address)?.id;
    const ids = new Map(found.filter((orphan) => orphan.address === address).map((orphan) => [orphan.id, orphan]));
    const kept = known !== undefined && ids.delete(known) ? known : undefined;
    const [first, ...more] = ids.values();
    if (first === undefined) continue;
    if (kept !== undefined || more.length > 0) {
      for (const orphan of ids.values()) sorted.twice.push({ orphan, kept });
    } else if (missing.includes(address)) {
      sorted.adopt.push({ orphan: first, forget: known !== undefined });
    } else if (known === undefined) {
      sorted.unasked.push(first);
    }
    // Else the state knows it by another id than the search does.
  }
  return sorted;
}
