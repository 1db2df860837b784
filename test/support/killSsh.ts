import { readdir, readFile } from "node:fs/promises";

/** Ends the SSH clients below a process as a broken line would: at once. Gives how many there were. */
export async function killSsh(ancestor: number): Promise<number> {
  const parents = new Map<number, { parent: number; name: string }>();
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "");
    // The name stands in parentheses and may hold anything.
    const match = /^\d+ \((.*)\) \S (\d+)/s.exec(stat);
    if (match !== null) parents.set(Number(entry), { name: match[1] ?? "", parent: Number(match[2]) });
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid)?.parent;
    return parent !== undefined && (parent === ancestor || isBelow(parent));
  };
  const found = [...parents].filter(([pid, { name }]) => name === "ssh" && isBelow(pid));
  for (const [pid] of found) process.kill(pid, "SIGKILL");
  return found.length;
}
