import { basename, join } from "node:path";
import type { Files } from "../ports/Files.ts";
import type { StateHead } from "./JournalEntry.ts";
import type { StackPaths } from "./stackPaths.ts";
import { stateHead } from "./stateHead.ts";

/** A former state of a stack. */
export interface Snapshot {
  /** The same in every place. */
  name: string;
  file: string;
  /** Id of the run that kept it; undefined where the engine did. */
  run: string | undefined;
  /** RFC 3339. */
  time: string;
  state: StateHead;
  /** In bytes. */
  size: number;
  encrypted: boolean;
  /** How many things it knows; undefined where it is encrypted. */
  resources: number | undefined;
}

const ownNames = /^((\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-[0-9a-f]{6})-\d+\.tfstate$/;

/** Names that snapshots of runs have; other files beside them are never removed. */
export function isSnapshotName(name: string): boolean {
  return ownNames.test(name);
}

/** Every good one, newest first, the engine's own copy of the state before the last too. Of several copies the first good one counts. */
export async function listSnapshots(
  places: readonly string[],
  { state }: Pick<StackPaths, "state">,
  files: Pick<Files, "list" | "read" | "status">,
): Promise<Snapshot[]> {
  const found = new Map<string, Snapshot>();
  const consider = async (file: string, run: string | undefined, time: string): Promise<void> => {
    const name = basename(file);
    const snapshot = found.has(name) ? undefined : snapshotIn((await files.read(file)) ?? "");
    if (snapshot !== undefined) found.set(name, { name, file, run, time, ...snapshot });
  };
  for (const place of places) {
    // Where the user's own directory cannot be read, the clone's is what there is.
    for (const name of (await files.list(place).catch(() => undefined)) ?? []) {
      const [, run, year, month, day, hour, minute, second, part] = ownNames.exec(name) ?? [];
      const time = `${year}-${month}-${day}T${hour}:${minute}:${second}.${part}Z`;
      if (run !== undefined) await consider(join(place, name), run, time);
    }
  }
  const backup = `${state}.backup`;
  const status = await files.status(backup);
  if (status !== undefined) await consider(backup, undefined, new Date(status.modifiedMs).toISOString());
  return [...found.values()].toSorted(
    (one, other) => other.state.serial - one.state.serial || (one.time < other.time ? 1 : -1),
  );
}

function snapshotIn(text: string): Pick<Snapshot, "state" | "size" | "encrypted" | "resources"> | undefined {
  const state = stateHead(text);
  if (state === undefined) return undefined;
  const content = JSON.parse(text) as { encrypted_data?: string; resources?: readonly { mode?: string }[] };
  const encrypted = content.encrypted_data !== undefined;
  const resources = encrypted ? undefined : (content.resources ?? []).filter(({ mode }) => mode !== "data").length;
  return { state, size: Buffer.byteLength(text), encrypted, resources };
}
