/** Calls of one kind. */
export interface CallCount {
  /** Such as `POST /v1/servers`. */
  name: string;
  count: number;
  /** How many of them were answered with an error of the API, or not at all. */
  failed: number;
}

export interface Journal {
  /** Gives the number of the request, from 1. */
  begin(name: string): number;
  end(name: string, good: boolean): void;
  counts(): CallCount[];
}

/** Counts the requests of a simulation. Keeps no content: that holds credentials. */
export function createJournal(): Journal {
  const counts = new Map<string, CallCount>();
  let number = 0;
  return {
    begin(name) {
      const entry = counts.get(name) ?? { name, count: 0, failed: 0 };
      entry.count += 1;
      counts.set(name, entry);
      number += 1;
      return number;
    },
    end(name, good) {
      const entry = counts.get(name);
      if (!good && entry !== undefined) entry.failed += 1;
    },
    counts: () => [...counts.values()].map((entry) => Object.assign({}, entry)),
  };
}
