import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./makeTree.ts";

const main = join(repository, "src/main.ts");

/**
 * One command line as a process of its own, which is killed after that time together with its engine (or alone).
 * Gives its exit status and output; the status is undefined where it was killed.
 */
export function runAndKill(
  root: string,
  argv: readonly string[],
  { afterMs, alone = false }: { afterMs: number; alone?: boolean },
): Promise<{ status: number | undefined; stdout: string }> {
  const child = spawn(process.execPath, [main, ...argv], {
    env: { ...process.env, LANDFALL_ROOT: root, SKIP_WAIT: "true" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let stdout = "";
  child.stdout.on("data", (piece: Buffer) => (stdout += piece.toString()));
  const timer = setTimeout(() => {
    const victims = alone ? [] : descendants(child.pid ?? 0);
    for (const pid of [child.pid ?? 0, ...victims]) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
  }, afterMs);
  return new Promise((resolve) => {
    child.on("exit", (status) => {
      clearTimeout(timer);
      resolve({ status: status ?? undefined, stdout });
    });
  });
}

function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
    try {
      const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, "utf8"))?.[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It has ended.
    }
  }
  const below = (one: number): number[] => (children.get(one) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}
