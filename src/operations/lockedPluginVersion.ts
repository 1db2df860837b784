import type { Files } from "../ports/Files.ts";
import type { StackPaths } from "../stacks/stackPaths.ts";

/** The version of the first plugin that a stack is locked to; undefined where it has none. */
export async function lockedPluginVersion({ engineLock }: StackPaths, files: Files): Promise<string | undefined> {
  return /^\s*version\s*=\s*"([^"]+)"/m.exec((await files.read(engineLock)) ?? "")?.[1];
}
