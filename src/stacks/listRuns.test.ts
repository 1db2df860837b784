import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { realPorts } from "../system/realPorts.ts";
import { workspaceAt } from "../Workspace.ts";
import { finishRun } from "./finishRun.ts";
import { listRuns } from "./listRuns.ts";
import { makeStack } from "./makeStack.ts";
import { stackPaths } from "./stackPaths.ts";
import { startRun } from "./startRun.ts";

test("a run that ends while it is looked for is not cut off", async () => {
  const root = await mkdtemp(join(tmpdir(), "landfall-runs-"));
  try {
    const ports = realPorts();
    const paths = stackPaths(workspaceAt(root, join(root, "cache")), makeStack("development", "acme"));
    const ending = await startRun(paths, "apply", ports);
    const holding = async (): Promise<[]> => {
      await finishRun(ending, "done", ports);
      return [];
    };
    const runs = await listRuns(paths, { ...ports, processes: { ...ports.processes, holding } });
    expect(runs).toMatchObject([{ operation: "apply", outcome: "done", durationMs: expect.any(Number) }]);

    await startRun(paths, "plan", ports);
    const cut = await listRuns(paths, { ...ports, processes: { ...ports.processes, holding: async () => [] } });
    expect(cut).toMatchObject([{ operation: "plan", outcome: "cut off" }, { outcome: "done" }]);
  } finally {
    await rm(root, { recursive: true });
  }
});
