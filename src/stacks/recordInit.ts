import type { Files } from "../ports/Files.ts";
import { currentInitStamp } from "./initStamp.ts";
import type { StackPaths } from "./stackPaths.ts";

/** Remembers that `init` succeeded for this module tree; called right after it. */
export async function recordInit(paths: StackPaths, hash: string, files: Files): Promise<void> {
  const stamp = await currentInitStamp(paths, hash, files);
  await files.write(paths.initStamp, `${JSON.stringify(stamp, undefined, 2)}\n`);
}
