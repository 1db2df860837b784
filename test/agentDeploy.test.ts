import { existsSync } from "node:fs";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { deploy, makeAgentBench, secret, succeed } from "./support/agentBench.ts";

describe("a deploy", { concurrent: true, timeout: 120_000 }, () => {
  test("makes a release that serves, with files that only their owner reads", async ({ onTestFinished }) => {
    const bench = await makeAgentBench(onTestFinished);
    const answer = await succeed(
      bench.call(
        deploy("one", {
          data: [{ path: "db/main", owner: `${process.getuid?.()}:${process.getgid?.()}`, mode: "0700" }],
        }),
      ),
    );
    const id = (answer["release"] as { id: string }).id;
    expect(id).toMatch(/^\d{8}T\d{6}Z-[0-9a-f]{7}$/);
    expect(answer).toMatchObject({ changed: true, previous: null, release: { by: "ada@desk" } });
    expect(await bench.current()).toBe(id);
    expect(await bench.serving()).toMatchObject({ release: id, State: "running" });
    const modeOf = async (path: string): Promise<number> => (await stat(join(bench.root, path))).mode & 0o777;
    expect(await modeOf("current/.env")).toBe(0o600);
    expect(await modeOf("current/secrets/password")).toBe(0o400);
    expect(await modeOf(`releases/${id}`)).toBe(0o700);
    expect(await modeOf("data/db/main")).toBe(0o700);
    expect(await modeOf("data/db")).toBe(0o755);
    expect((await bench.calls()).join("\n")).not.toContain(secret);
  });

  test("of the same content switches nothing, unless the containers do not work or it is forced", async ({
    onTestFinished,
  }) => {
    const bench = await makeAgentBench(onTestFinished);
    await succeed(bench.call(deploy("one")));
    const ups = async (): Promise<number> => (await bench.calls()).filter((call) => call.includes(" up ")).length;
    expect(await succeed(bench.call(deploy("one")))).toMatchObject({ changed: false });
    expect(await ups()).toBe(1);
    expect(await succeed(bench.call({ ...deploy("one"), force: true }))).toMatchObject({ changed: true });
    expect((await bench.calls()).at(-1)).not.toContain("image rm");
    expect(await ups()).toBe(2);
    expect(await bench.releases()).toHaveLength(2);
  });

  test("that is not healthy in time leaves the former release serving, and says why without secrets", async ({
    onTestFinished,
  }) => {
    const bench = await makeAgentBench(onTestFinished);
    const first = await succeed(bench.call(deploy("one")));
    const { problem, text } = await bench.call(deploy("two", {}, "web:sick"));
    expect(problem).toMatchObject({
      code: "deploy.unhealthy",
      message: expect.stringMatching(/not healthy within 6 s; release \S+ serves again/),
      checks: [{ name: "service web", outcome: "bad", message: "runs, but is unhealthy" }],
    });
    const logs = (problem?.["logs"] ?? []) as { lines: string[] }[];
    expect(logs[0]?.lines).toHaveLength(20);
    expect(logs[0]?.lines.at(-1)).toBe("line 24 of web with ***");
    expect(text).not.toContain(secret);
    const { id } = first["release"] as { id: string };
    expect(await bench.serving()).toMatchObject({ release: id, Image: "web:one" });
    expect(await bench.releases()).toEqual([id]);
    expect(await bench.current()).toBe(id);
  });

  test.for<[string, string, object, string | undefined]>([
    [
      "refuses compose.yaml",
      "deploy.compose",
      { files: [{ path: "compose.yaml", mode: "0600", owner: "0:0", content: "AAAA" }] },
      undefined,
    ],
    ["cannot pull", "deploy.pull", {}, "unreachable/web:1"],
    ["cannot start containers", "deploy.switch", {}, "web:refused"],
    [
      "fails in a hook",
      "deploy.hook",
      { hooks: { before_switch: [{ service: "web", command: ["false"], in: "run" }], after_switch: [] } },
      undefined,
    ],
    [
      "fails in a hook afterwards",
      "deploy.hook",
      { hooks: { before_switch: [], after_switch: [{ service: "web", command: ["false"], in: "exec" }] } },
      undefined,
    ],
  ])("that %s leaves the former release serving", async ([, code, changes, image], { onTestFinished }) => {
    const bench = await makeAgentBench(onTestFinished);
    const { release } = (await succeed(bench.call(deploy("one")))) as { release: { id: string } };
    const { problem, text } = await bench.call(deploy("two", changes, image));
    expect(problem?.code, text).toBe(code);
    expect(text).not.toContain(secret);
    expect(await bench.serving()).toMatchObject({ release: release.id, Image: "web:one" });
    expect(await bench.releases()).toEqual([release.id]);
    expect(await succeed(bench.call(deploy("three")))).toMatchObject({ changed: true });
  });

  test.for(["run", "exec"])(
    "that is cut off in a hook by %s lets nothing of it go on",
    async (how, { onTestFinished }) => {
      const bench = await makeAgentBench(onTestFinished);
      const { release } = (await succeed(bench.call(deploy("one")))) as { release: { id: string } };
      await bench.plan(how === "run" ? "single before hold" : "exec before hold");
      const hook = { service: "web", command: ["migrate"], in: how };
      const run = bench.start(deploy("two", { hooks: { before_switch: [hook], after_switch: [] } }));
      await expect.poll(() => existsSync(join(bench.docker, "held")), { timeout: 60_000 }).toBe(true);
      const before = (await bench.calls()).length;
      run.hangUp();
      expect((await run.ended).problem).toMatchObject({
        code: "deploy.abandoned",
        message: expect.stringContaining(`release ${release.id} serves again`),
      });
      // What the hook does in a container that serves ends with it.
      const after = (await bench.calls()).slice(before);
      expect(after.some((call) => call.includes("up --detach") && call.includes("--force-recreate"))).toBe(true);
      if (how === "run") expect(await readFile(join(bench.docker, "single"), "utf8")).toBe("[]");
    },
  );

  test("that the disk or the system refuses leaves the former release serving", async ({ onTestFinished }) => {
    const bench = await makeAgentBench(onTestFinished);
    await succeed(bench.call(deploy("one")));
    // Nothing can be made below a file.
    await writeFile(join(bench.root, "data", "db"), "");
    const data = [{ path: "db/main", owner: "0:0", mode: "0700" }];
    const { problem, text } = await bench.call(deploy("two", { data }));
    expect(problem, text).toMatchObject({
      code: "agent.system",
      message: expect.stringContaining("nothing was changed"),
    });
    expect(await bench.serving()).toMatchObject({ Image: "web:one" });
    expect(await bench.releases()).toHaveLength(1);
    expect((await bench.call({ command: "status" })).answer).toMatchObject({ change: null });
  });

  test("is possible where the release before cannot be started any more, and that is said", async ({
    onTestFinished,
  }) => {
    const bench = await makeAgentBench(onTestFinished);
    const first = (await succeed(bench.call(deploy("one"))))["release"] as { id: string };
    const services = JSON.stringify({ services: { web: { image: "refused:1" } } });
    await writeFile(join(bench.root, "releases", first.id, "compose.loaded.yaml"), services);
    const { problem } = await bench.call(deploy("sick"));
    expect(problem).toMatchObject({
      code: "deploy.unhealthy",
      message: expect.stringMatching(/could not be started again/),
    });
    expect(await succeed(bench.call({ command: "status" }))).toMatchObject({ change: null });
    expect(await succeed(bench.call(deploy("three")))).toMatchObject({ changed: true });
    expect(await bench.serving()).toMatchObject({ Image: "web:three" });
  });

  test("is none that failed where only what comes after it does", async ({ onTestFinished }) => {
    const bench = await makeAgentBench(onTestFinished);
    await rm(bench.units, { recursive: true });
    const { answer, events } = await bench.call(deploy("one"));
    expect(answer).toMatchObject({ changed: true });
    expect(events).toContainEqual(expect.objectContaining({ event: "notice", code: "deploy.untidy" }));
  });

  test("says that the address of a check is none", async ({ onTestFinished }) => {
    const bench = await makeAgentBench(onTestFinished);
    const health = [{ name: "port", tcp: "web", timeout: 1, from: ["server"] }];
    const { problem } = await bench.call(deploy("one", { health, healthy_within: 1 }));
    expect(problem?.["checks"]).toContainEqual(
      expect.objectContaining({ name: "port", outcome: "bad", message: "the check's address is none" }),
    );
  });

  test("makes every container anew, also one whose service stays the same", async ({ onTestFinished }) => {
    const bench = await makeAgentBench(onTestFinished);
    await succeed(bench.call(deploy("one")));
    await bench.call(deploy("sick"));
    const ups = (await bench.calls()).filter((call) => call.includes(" up "));
    expect(ups).toHaveLength(3);
    for (const call of ups) expect(call).toContain("--force-recreate");
  });

  test("a first one that fails leaves nothing", async ({ onTestFinished }) => {
    const bench = await makeAgentBench(onTestFinished);
    const { problem } = await bench.call(deploy("one", {}, "web:broken"));
    expect(problem?.message).toMatch(/nothing serves, as before$/);
    expect(await bench.serving()).toBeUndefined();
    expect(await bench.releases()).toEqual([]);
  });

  test("another application takes the place of the former one, and gives it back where it fails", async ({
    onTestFinished,
  }) => {
    const bench = await makeAgentBench(onTestFinished);
    await succeed(bench.call(deploy("one")));
    const { problem } = await bench.call(deploy("two", { application: "shop" }, "web:sick"));
    expect(problem?.code).toBe("deploy.unhealthy");
    expect(await bench.serving()).toMatchObject({ State: "running", Image: "web:one" });
    await succeed(bench.call(deploy("three", { application: "shop" })));
    expect(await bench.serving()).toBeUndefined();
  });

  test.for(["../x", "/etc/x", "config/../../x", "config//x", "", ".", ".env", "release.json", "config/index.html/x"])(
    "refuses a file at %j, and nothing is left of it",
    async (path, { onTestFinished }) => {
      const bench = await makeAgentBench(onTestFinished);
      const request = deploy("one") as { release: { files: object[] } };
      request.release.files.push({ path, mode: "0644", owner: "0:0", content: "" });
      const { problem, text } = await bench.call(request);
      expect(problem?.code, text).toBe("deploy.badRelease");
      expect(await bench.releases()).toEqual([]);
    },
  );
});
