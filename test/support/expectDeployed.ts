import { expect } from "vitest";
import type { Finished } from "./startLandfall.ts";

/** With how long each step took, on standard error. */
export function expectDeployed(deployed: Finished): void {
  const bad = deployed.events.filter(({ type }) => type !== "step.progress").map((event) => JSON.stringify(event));
  expect(deployed.result, bad.join("\n").slice(-4000)).toMatchObject({ ok: true, changed: true });
  const steps = deployed.events.filter(({ type }) => type === "step.finished");
  const times = steps.map(({ step, durationMs }) => `${String(step)} ${String(durationMs)} ms`);
  process.stderr.write(`deploy: ${times.join(", ")}\n`);
}
