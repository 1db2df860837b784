import { open } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";
import type { Outcome } from "../ports/Processes.ts";

/**
 * Runs `work` while no other process of this user holds `name`. The kernel lock belongs to our descriptor,
 * which flock(1) inherits and locks: it is free again when we end, however that happens.
 */
export async function holdExclusively<T>(
  directory: string,
  name: string,
  work: () => Promise<T>,
  { files, processes }: Ports,
): Promise<T> {
  await files.makeDirectory(directory);
  const handle = await open(join(directory, `${name}.lock`), "a", 0o600);
  try {
    const outcome = await processes.run({ program: "flock", arguments: ["-x", "3"], inherit: [handle.fd] });
    if (outcome.status !== 0) throw unlockable(join(directory, `${name}.lock`), outcome);
    return await work();
  } finally {
    await handle.close();
  }
}

function unlockable(file: string, { status, stderr }: Outcome): AppError {
  if (status !== 127) {
    return new AppError("host.lockFailed", `${file} cannot be locked: ${stderr.trim()}`, {
      hint: "put the cache on a file system that has locks (LANDFALL_CACHE)",
    });
  }
  return new AppError("host.noLockProgram", "the program flock is missing, which keeps two runs apart", {
    hint: "apt-get install util-linux",
    exit: exitCodes.prerequisites,
  });
}
