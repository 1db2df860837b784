import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

/** Removes domains and volumes of test runs that were killed: their names hold the id of a process that is gone. */
export async function removeLeftMachines(pattern: RegExp): Promise<void> {
  const isLeft = (name: string): boolean => {
    const processId = pattern.exec(name)?.[1];
    return processId !== undefined && !existsSync(`/proc/${processId}`);
  };
  const lines = async (...args: string[]): Promise<string[]> =>
    (await virsh(...args)).split("\n").map((line) => line.trim().split(/\s+/)[0] ?? "");
  for (const name of (await lines("list", "--all", "--name")).filter(isLeft)) {
    await virsh("destroy", name).catch(() => undefined);
    await virsh("undefine", name);
  }
  const volumes = await lines("vol-list", "user-default").catch(() => []);
  for (const volume of volumes.filter(isLeft)) await virsh("vol-delete", "--pool", "user-default", volume);
}

export async function virsh(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("virsh", ["-c", "qemu:///system", ...args]);
  return stdout;
}
