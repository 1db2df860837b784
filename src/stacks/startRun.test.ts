import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realPorts } from "../system/realPorts.ts";
import { workspaceAt } from "../Workspace.ts";
import { finishRun } from "./finishRun.ts";
import { lastRun } from "./lastRun.ts";
import { makeStack } from "./makeStack.ts";
import { stackPaths, type StackPaths } from "./stackPaths.ts";
import { startRun } from "./startRun.ts";

let root: string;
let paths: StackPaths;
let now = Date.UTC(2026, 10, 23, 9, 37, 57, 123);
const ports = { ...realPorts(), clock: { now: () => now, sleep: async () => undefined } };

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "landfall-run-"));
  paths = stackPaths(workspaceAt(root, join(root, "cache")), makeStack("development", "acme"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe("the record of a run", () => {
  it("is private, begins with the run and ends with its outcome", async () => {
    expect(await lastRun(paths, ports.files)).toBeUndefined();
    const run = await startRun(paths, "apply", ports);
    expect(run.id).toMatch(/^20261123T093757123Z-[0-9a-f]{6}$/);
    expect(run.events).toBe(join(paths.runs, run.id, "events.ndjson"));
    expect((await stat(join(run.directory, "run.json"))).mode & 0o777).toBe(0o600);
    const begun = await lastRun(paths, ports.files);
    expect(begun).toMatchObject({ id: run.id, operation: "apply", started: "2026-11-23T09:37:57.123Z" });
    expect(begun).not.toHaveProperty("outcome");

    now += 1500;
    await finishRun(run, "failed", ports);
    expect(await lastRun(paths, ports.files)).toMatchObject({
      id: run.id,
      outcome: "failed",
      finished: "2026-11-23T09:37:58.623Z",
      durationMs: 1500,
    });
  });

  it("is that of the newest run that can be read", async () => {
    await startRun(paths, "plan", ports);
    now += 1;
    const second = await startRun(paths, "apply", ports);
    await mkdir(join(paths.runs, "99999999T000000000Z-000000"));
    await mkdir(join(paths.runs, "99999999T000000001Z-000000"));
    await writeFile(join(paths.runs, "99999999T000000001Z-000000", "run.json"), "{");
    expect((await lastRun(paths, ports.files))?.id).toBe(second.id);
  });

  it("is kept for the last 50 runs", async () => {
    for (let count = 0; count < 53; count += 1) {
      now += 1;
      await startRun(paths, `run ${count}`, ports);
    }
    expect(await ports.files.list(paths.runs)).toHaveLength(50);
    expect((await lastRun(paths, ports.files))?.operation).toBe("run 52");
  });

  it("is the newest by its id, though the clock was set back since", async () => {
    const before = await startRun(paths, "apply", ports);
    now -= 86_400_000;
    const after = await startRun(paths, "destroy", ports);
    expect(after.id > before.id).toBe(true);
    expect(await lastRun(paths, ports.files)).toMatchObject({ id: after.id, started: new Date(now).toISOString() });
  });
});
