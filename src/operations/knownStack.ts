import { join } from "node:path";
import type { Files } from "../ports/Files.ts";
import type { StackPaths } from "../stacks/stackPaths.ts";

/** What is known of a stack since its last apply, without asking the engine. */
export interface KnownStack {
  outputs: Record<string, unknown>;
  /** When the machine had answered and finished its first boot; absent until then. RFC 3339. */
  ready?: string;
  /** What the host was prepared with, where it was prepared over SSH; see HostPreparation. */
  prepared?: string;
  /** An apply that changes the machine has begun since, and was not seen to end: what is there may be another one. */
  unfinished?: true;
}

export async function readKnownStack(paths: StackPaths, files: Files): Promise<KnownStack | undefined> {
  const text = await files.read(file(paths));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as KnownStack;
  } catch {
    // Only a copy of what the state says: the next apply writes it anew.
    return undefined;
  }
}

export async function writeKnownStack(paths: StackPaths, known: KnownStack, files: Files): Promise<void> {
  await files.write(file(paths), `${JSON.stringify(known, undefined, 2)}\n`);
}

/** What was known stays to log in with, until the apply that begins now has ended. */
export async function markUnfinished(paths: StackPaths, files: Files): Promise<void> {
  const known = await readKnownStack(paths, files);
  if (known !== undefined) await writeKnownStack(paths, { outputs: known.outputs, unfinished: true }, files);
}

export async function forgetKnownStack(paths: StackPaths, files: Files): Promise<void> {
  await files.remove(file(paths));
}

/** The address among a module's outputs; sentences such as "No IP assigned yet" are none. */
export function addressIn(outputs: Readonly<Record<string, unknown>>): string | undefined {
  const value = outputs["vm_ip"];
  return typeof value === "string" && /^(localhost|[\w-]*[.:][\w.:-]*)$/.test(value) ? value : undefined;
}

function file(paths: StackPaths): string {
  return join(paths.directory, "known.json");
}
