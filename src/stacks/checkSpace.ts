import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Files } from "../ports/Files.ts";
import type { StackPaths } from "./stackPaths.ts";

/** Many times what a run writes: states, logs, a copy of the module tree. Plugins are linked, not copied. */
const neededBytes = 16 * 1024 * 1024;

/** A run that cannot save what it made is not begun. Throws AppError `stack.noSpace`; nothing was touched then. */
export async function checkSpace({ directory }: Pick<StackPaths, "directory">, files: Files): Promise<void> {
  const free = await files.freeSpace(directory);
  if (free >= neededBytes) return;
  const mib = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MiB`;
  throw new AppError("stack.noSpace", `${directory}: only ${mib(free)} are free, and a run needs ${mib(neededBytes)}`, {
    hint: "make room on that disk, then run the same command again",
    exit: exitCodes.prerequisites,
  });
}
