import { spawnSync } from "node:child_process";
import type { Row } from "./compare.ts";

/** Creates a real virtual machine, reads the time of each phase from the result, removes it. Goal: 35 s in all. */
export function timeToSsh(launcher: string): Row[] {
  const stack = "development/libvirt";
  const environment = { ...process.env, VM_NAME: "landfall-bench" };
  const started = performance.now();
  const applied = spawnSync(launcher, ["apply", stack, "--yes", "--json"], { encoding: "utf8", env: environment });
  const ms = performance.now() - started;
  try {
    const result = JSON.parse(applied.stdout.trim().split("\n").at(-1) ?? "{}") as Result;
    if (applied.status !== 0 || result.changed !== true) {
      throw new Error(`${stack} must be absent before and come up: ${applied.stdout.slice(-2000)}${applied.stderr}`);
    }
    return [
      { what: `landfall apply ${stack}, absent before`, ms, goal: 35, missed: ms > 35_000 },
      ...result.phases.map(({ phase, durationMs }) => ({ what: `  ${phase}`, ms: durationMs, missed: false })),
    ];
  } finally {
    if (applied.status === 0) spawnSync(launcher, ["destroy", stack, "--yes"], { env: environment, stdio: "inherit" });
  }
}

interface Result {
  changed?: boolean;
  phases: { phase: string; durationMs: number }[];
}
