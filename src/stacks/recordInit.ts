import type { Files } from "../ports/Files.ts";
import { currentInitStamp, type InitStamp } from "./initStamp.ts";
import type { StackPaths } from "./stackPaths.ts";

/** Remembers that `init` succeeded for this module tree, and its `settings`; called right after it. */
export async function recordInit(
  paths: StackPaths,
  hash: string,
  settings: NonNullable<InitStamp["settings"]>,
  files: Files,
): Promise<void> {
  const stamp = await currentInitStamp(paths, hash, files);
  await files.write(paths.initStamp, `${JSON.stringify({ ...stamp, settings } satisfies InitStamp, undefined, 2)}\n`);
}
