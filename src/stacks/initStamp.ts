import type { Files } from "../ports/Files.ts";
import { createHash } from "node:crypto";
import type { StackPaths } from "./stackPaths.ts";

/** What the engine's last `init` of a stack was made from. */
export interface InitStamp {
  /** Of `moduleTreeHash`. */
  tree: string;
  /** SHA-256 of the stack's plugin lock after that init; empty where it wrote none. */
  lock: string;
  /** Types of the provider's settings in that tree; none of a module that has a wrapper, or of an older Landfall. */
  settings?: Readonly<Record<string, string>>;
}

export async function readInitStamp(paths: StackPaths, files: Files): Promise<InitStamp | undefined> {
  try {
    return JSON.parse((await files.read(paths.initStamp)) ?? "") as InitStamp;
  } catch {
    // Without a stamp that can be read there is an init too many, nothing worse.
    return undefined;
  }
}

export async function currentInitStamp(paths: StackPaths, tree: string, files: Files): Promise<InitStamp> {
  const lock = await files.readBytes(paths.engineLock);
  return { tree, lock: lock === undefined ? "" : createHash("sha256").update(lock).digest("hex") };
}
