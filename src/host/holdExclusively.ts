import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Ports } from "../ports/Ports.ts";

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
    await processes.run({ program: "flock", arguments: ["-x", "3"], inherit: [handle.fd] });
    return await work();
  } finally {
    await handle.close();
  }
}
