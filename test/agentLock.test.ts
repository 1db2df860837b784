import { existsSync } from "node:fs";
import { mkdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test, type ExpectStatic } from "vitest";
import { deploy, makeAgentBench, succeed, type AgentBench } from "./support/agentBench.ts";

const timeout = 180_000;

describe("a connection that ends", { concurrent: true, timeout }, () => {
  test("while the images arrive changes nothing", async ({ onTestFinished, expect }) => {
    const bench = await makeAgentBench(onTestFinished);
    const first = await idOf(bench, "one");
    const run = bench.start({ ...deploy("two"), images: { size: 1000 } }, { body: "half", beats: false });
    run.hangUp();
    expect((await run.ended).problem?.code).toBe("agent.cut");
    expect(await bench.current()).toBe(first);
    expect((await status(bench))["change"]).toBeNull();
    expect(await succeed(bench.call(deploy("three")))).toMatchObject({ changed: true });
  });

  test("that nobody notices to end while the images arrive lets nobody wait for long", async ({
    onTestFinished,
    expect,
  }) => {
    const bench = await makeAgentBench(onTestFinished);
    const first = await idOf(bench, "one");
    const run = bench.start({ ...deploy("two"), images: { size: 1000 } }, { body: "half", beats: false });
    const { problem } = await run.ended;
    expect(problem).toMatchObject({ code: "agent.cut", message: expect.stringContaining("nothing arrived for 60 s") });
    expect([await bench.current(), (await status(bench))["change"]]).toEqual([first, null]);
  });

  test("while containers start undoes that at once", async ({ onTestFinished, expect }) => {
    const bench = await makeAgentBench(onTestFinished);
    const first = await idOf(bench, "one");
    await bench.plan("up after hold");
    const run = bench.start(deploy("two"));
    await held(bench, expect);
    expect(await bench.serving()).toMatchObject({ Image: "web:two" });
    run.hangUp();
    const { problem } = await run.ended;
    expect(problem).toMatchObject({ code: "deploy.abandoned", serves: first });
    expect(await bench.serving()).toMatchObject({ release: first, Image: "web:one" });
  });

  test("without anybody noticing lets the lease run out", async ({ onTestFinished, expect }) => {
    const bench = await makeAgentBench(onTestFinished);
    const first = await idOf(bench, "one");
    await bench.plan("up after hold");
    // The front end is alive, and hears nothing: a network that swallows everything.
    const run = bench.start(deploy("two"), { beats: false });
    await held(bench, expect);
    const half = Date.now() / 1000 - 31;
    await utimes(join(bench.root, "deploy.lease"), half, half);
    expect((await run.ended).problem?.code).toBe("deploy.abandoned");
    expect(await bench.serving()).toMatchObject({ release: first });
  });
});

test.for(["worker", "supervisor"])(
  "an undo of the %s that the disk refuses is told, and the next change makes up for it",
  { timeout },
  async (who, { onTestFinished, expect }) => {
    const bench = await makeAgentBench(onTestFinished);
    const first = await idOf(bench, "one");
    await bench.plan("up before hold", ...(who === "supervisor" ? ["up after kill-worker"] : []));
    const run = bench.start(deploy("two", {}, "refused:1"));
    await held(bench, expect);
    // A directory is no file that could be removed.
    await mkdir(join(bench.root, "images.tar"));
    await writeFile(join(bench.docker, "go"), "");
    const { problem, text } = await run.ended;
    expect(problem, text).toMatchObject({
      code: "agent.notUndone",
      message: expect.stringMatching(/could not be undone: .*images\.tar/),
    });
    await rm(join(bench.root, "images.tar"), { recursive: true });
    expect(await succeed(bench.call(deploy("three")))).toMatchObject({ changed: true, previous: first });
  },
);

describe("the lock", { concurrent: true, timeout }, () => {
  test("names its holder, keeps the second one out, and lets it in when it waits", async ({
    onTestFinished,
    expect,
  }) => {
    const bench = await makeAgentBench(onTestFinished);
    await bench.plan("up before hold");
    const run = bench.start(deploy("one"));
    await held(bench, expect);
    const second = await bench.call({ ...deploy("two"), holder: { user: "bob", host: "laptop" } });
    expect(second.problem).toMatchObject({
      code: "deploy.locked",
      message: expect.stringMatching(/^deploy of ada@desk holds the server since 2/),
    });
    expect((await status(bench))["change"]).toMatchObject({ at_work: true, holder: { user: "ada" }, step: "switch" });
    const waiting = bench.start({ ...deploy("two"), wait: 120 });
    await expect
      .poll(() => waiting.events.map((event) => event["code"]), { timeout: 30_000 })
      .toContain("deploy.waiting");
    await writeFile(join(bench.docker, "go"), "");
    expect((await run.ended).answer).toMatchObject({ changed: true });
    const late = await waiting.ended;
    expect(late.answer, late.text).toMatchObject({ changed: true });
    expect(await bench.serving()).toMatchObject({ Image: "web:two" });
  });

  test("is waited for where the operator of the change is gone, as that is being undone", async ({
    onTestFinished,
    expect,
  }) => {
    const bench = await makeAgentBench(onTestFinished);
    const first = await idOf(bench, "one");
    await bench.plan("up after hold");
    const run = bench.start(deploy("two"));
    await held(bench, expect);
    // What undoes it is held, too.
    await bench.plan("up before hold");
    run.hangUp();
    await expect.poll(async () => Number((await stat(join(bench.root, "deploy.lease"))).mtimeMs)).toBe(0);
    const next = bench.start(deploy("three"));
    await expect.poll(() => next.events.map((event) => event["code"]), { timeout: 30_000 }).toContain("deploy.waiting");
    await writeFile(join(bench.docker, "go"), "");
    expect((await run.ended).problem).toMatchObject({ serves: first });
    expect((await next.ended).answer).toMatchObject({ changed: true });
    expect(await bench.serving()).toMatchObject({ Image: "web:three" });
  });

  test("lets one of many through at a time", async ({ onTestFinished, expect }) => {
    const bench = await makeAgentBench(onTestFinished);
    const outcomes = await Promise.all(
      ["1", "2", "3", "4"].map((content) => bench.call({ ...deploy(content), skip_health: true, wait: 100 })),
    );
    expect(outcomes.map(({ answer, text }) => answer?.["changed"] ?? text)).toEqual([true, true, true, true]);
    const previous = outcomes.map(({ answer }) => answer?.["previous"]);
    expect(new Set(previous).size).toBe(4);
  });
});

async function idOf(bench: AgentBench, content: string): Promise<string> {
  const answer = await succeed(bench.call({ ...deploy(content), skip_health: true }));
  return (answer["release"] as { id: string }).id;
}

async function status(bench: AgentBench): Promise<Record<string, unknown>> {
  return succeed(bench.call({ command: "status" }));
}

async function held({ docker }: AgentBench, expect: ExpectStatic): Promise<void> {
  await expect.poll(() => existsSync(join(docker, "held")), { timeout: 60_000, interval: 50 }).toBe(true);
}
