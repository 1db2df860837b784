import { join } from "node:path";
import type { Files } from "../ports/Files.ts";
import type { JournalEntry } from "./JournalEntry.ts";

/** What runs let the engine do, oldest first. Every place holds all of it; one that can be read suffices. */
export interface StackJournal {
  entries(): Promise<JournalEntry[]>;
  /** Entries whose end nobody knows. */
  open(): Promise<JournalEntry[]>;
  /** Durable when this resolves, in the first place at least. */
  write(entry: JournalEntry): Promise<void>;
}

/** Finished entries beyond these are removed. */
const mostClosed = 20;

/**
 * @param places directories, the stack's own first
 * @param lost told where another place cannot be read or written
 */
export function createJournal(
  places: readonly string[],
  files: Pick<Files, "list" | "read" | "write" | "remove" | "makeDirectory">,
  lost: (error: unknown) => void,
): StackJournal {
  const entries = async (): Promise<JournalEntry[]> => {
    const known = new Map<string, JournalEntry>();
    for (const [index, place] of places.entries()) {
      const otherwise = (error: unknown): undefined => {
        if (index === 0) throw error;
        lost(error);
      };
      for (const name of (await files.list(place).catch(otherwise)) ?? []) {
        if (!name.endsWith(".json")) continue;
        const entry = parse(await files.read(join(place, name)).catch(otherwise), name);
        const other = known.get(entry.run);
        // Closed in one place is closed: only what has ended is closed at all.
        if (other === undefined || other.started === "" || entry.closed !== undefined) known.set(entry.run, entry);
      }
    }
    return [...known.values()].toSorted((one, other) => (one.run < other.run ? -1 : 1));
  };
  return {
    entries,
    open: async () => (await entries()).filter(({ closed }) => closed === undefined),
    async write(entry) {
      const text = `${JSON.stringify(entry, undefined, 2)}\n`;
      await inEvery(places, lost, async (place) => {
        await files.makeDirectory(place);
        await files.write(join(place, `${entry.run}.json`), text);
      });
      if (entry.closed === undefined) return;
      const closed = (await entries()).filter((other) => other.closed !== undefined);
      for (const { run } of closed.slice(0, Math.max(0, closed.length - mostClosed)))
        await inEvery(places, lost, (place) => files.remove(join(place, `${run}.json`)));
    },
  };
}

/** Does it in each place; only the first has to succeed. */
export async function inEvery(
  [first, ...others]: readonly string[],
  lost: (error: unknown) => void,
  work: (place: string) => Promise<void>,
): Promise<void> {
  if (first !== undefined) await work(first);
  for (const place of others) await work(place).catch(lost);
}

/** What cannot be read says at least that there was a run. */
function parse(text: string | undefined, name: string): JournalEntry {
  try {
    const entry = JSON.parse(text ?? "") as Partial<JournalEntry> | null;
    if (typeof entry?.run === "string" && Array.isArray(entry.expected)) return entry as JournalEntry;
  } catch {
    // As below.
  }
  return { run: name.slice(0, -".json".length), operation: "run", started: "", expected: [] };
}
