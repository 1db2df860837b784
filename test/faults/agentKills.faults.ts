import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "vitest";
import { deploy, makeAgentBench, succeed, type AgentBench } from "../support/agentBench.ts";

/** Whatever dies, and wherever a deploy is: the release before serves, and the next deploy succeeds. */

const timeout = 180_000;
const calls = ["config", "inspect", "pull", "up", "ls"];
const moments = ["before", "after"];
const cases = calls
  .flatMap((call) => (call === "inspect" || call === "pull" ? [[call, "before"]] : moments.map((when) => [call, when])))
  .flatMap(([call, when]) => ["front", "worker", "both", "all"].map((who) => [call, when, who] as const));

describe("a deploy whose processes are killed", { concurrent: true, timeout }, () => {
  test.for(cases)("at docker's %s, %s it, %s", async ([call, when, who], { onTestFinished, expect }) => {
    const bench = await makeAgentBench(onTestFinished);
    const first = await idOf(bench, "one");
    await bench.plan(`${call} ${when} kill-${who}`);
    const { problem, answer } = await bench.call(deploy("two"));
    expect(answer).toBeUndefined();
    if (who === "worker") expect(problem?.code).toBe("deploy.cut");
    expect(await bench.current()).toBe(first);
    // Nobody is left to put containers back where all were killed: then the next change does it first.
    if (who === "all") expect((await status(bench))["change"]).toMatchObject({ at_work: false, command: "deploy" });
    else {
      await expect
        .poll(() => existsSync(join(bench.root, "deploy.json")), { timeout: 60_000, interval: 200 })
        .toBe(false);
      expect(await bench.serving()).toMatchObject({ release: first, State: "running", Image: "web:one" });
      expect(await bench.releases()).toEqual([first]);
    }
    await bench.plan();
    expect(await succeed(bench.call(deploy("three")))).toMatchObject({ changed: true, previous: first });
    expect(await bench.serving()).toMatchObject({ Image: "web:three" });
    expect((await bench.releases()).filter((name) => name.startsWith("."))).toEqual([]);
    expect((await status(bench))["change"]).toBeNull();
  });
});

test(
  "a server that lost its power in the middle of a deploy puts it right when it starts again",
  { timeout },
  async ({ onTestFinished, expect }) => {
    const bench = await makeAgentBench(onTestFinished);
    const first = await idOf(bench, "one");
    await bench.plan("up after kill-all");
    await bench.call(deploy("two"));
    expect(await bench.serving()).toMatchObject({ Image: "web:two" });
    const unit = await readFile(join(bench.units, "landfall-heal.service"), "utf8");
    expect(unit).toContain(`ExecStart=/usr/bin/python3 -I ${bench.root}/agent/current heal`);
    expect(await bench.direct("heal")).toMatchObject({ status: 0, text: expect.stringContaining("was cut off") });
    expect(await bench.serving()).toMatchObject({ release: first, Image: "web:one" });
    expect((await status(bench))["change"]).toBeNull();
    expect(await bench.direct("heal")).toMatchObject({ status: 0 });
  },
);

async function idOf(bench: AgentBench, content: string): Promise<string> {
  const answer = await succeed(bench.call({ ...deploy(content), skip_health: true }));
  return (answer["release"] as { id: string }).id;
}

async function status(bench: AgentBench): Promise<Record<string, unknown>> {
  return succeed(bench.call({ command: "status" }));
}
