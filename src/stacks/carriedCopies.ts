import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Files } from "../ports/Files.ts";
import { stateContent } from "./sameState.ts";
import type { StackPaths } from "./stackPaths.ts";

/** Remembers what was carried to a new place, so that a call that was cut off knows its own copy there from another state. */
export interface CarriedCopies {
  note(state: string): Promise<void>;
  has(state: string): Promise<boolean>;
  forget(): Promise<void>;
}

export function carriedCopies({ stateAccess }: Pick<StackPaths, "stateAccess">, files: Files): CarriedCopies {
  const file = join(stateAccess, "carried");
  const noted = async (): Promise<string[]> => ((await files.read(file)) ?? "").split("\n").filter(Boolean);
  return {
    async note(state) {
      const known = await noted();
      if (!known.includes(digest(state))) await files.write(file, [...known, digest(state), ""].join("\n"));
    },
    has: async (state) => (await noted()).includes(digest(state)),
    forget: () => files.remove(file),
  };
}

/** States hold private keys, which nobody can guess, so their digest gives nothing away. */
function digest(state: string): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(stateContent(state))))
    .digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
