import type { Files } from "../ports/Files.ts";
import type { StackPaths } from "./stackPaths.ts";

/** Where a stack's state was when the stack was last worked on. No secrets. */
export interface StateRecord {
  backend: string;
  arguments: Readonly<Record<string, unknown>>;
  /** Of secret arguments the part that says where they lead. */
  address: Readonly<Record<string, string>>;
  /** Tells this state from any other; absent before the first apply. */
  lineage?: string;
}

export async function readStateRecord(
  { stateRecord }: Pick<StackPaths, "stateRecord">,
  files: Files,
): Promise<StateRecord | undefined> {
  const text = await files.read(stateRecord);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as StateRecord;
  } catch {
    // Without it, the configuration is believed.
    return undefined;
  }
}

export async function writeStateRecord(
  { stateRecord }: Pick<StackPaths, "stateRecord">,
  record: StateRecord,
  files: Files,
): Promise<void> {
  const text = `${JSON.stringify(record, undefined, 2)}\n`;
  if ((await files.read(stateRecord)) !== text) await files.write(stateRecord, text);
}
