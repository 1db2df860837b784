import { readdir, readFile, readlink } from "node:fs/promises";

export interface FoundProcess {
  pid: number;
  /** The program's name, as the kernel keeps it. */
  name: string;
}

/** Processes whose working directory is `directory` or below it. */
export async function processesBelow(directory: string): Promise<FoundProcess[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const place = await readlink(`/proc/${pid}/cwd`).catch(() => "");
      if (place !== directory && !place.startsWith(`${directory}/`)) return [];
      const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
      return [{ pid: Number(pid), name: name.trim() }];
    }),
  );
  return found.flat();
}
