import { spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { deploy, makeAgentBench, secret, succeed } from "./support/agentBench.ts";

describe("a rollback", { concurrent: true, timeout: 120_000 }, () => {
  test("lets the release before serve, or the one that is named, and a deploy goes on from there", async ({
    onTestFinished,
  }) => {
    const bench = await makeAgentBench(onTestFinished);
    const ids: string[] = [];
    for (const content of ["one", "two", "three"])
      ids.push(((await succeed(bench.call(deploy(content)))) as { release: { id: string } }).release.id);
    expect(await succeed(bench.call({ command: "rollback" }))).toMatchObject({
      release: { id: ids[1] },
      previous: ids[2],
    });
    expect(await bench.serving()).toMatchObject({ Image: "web:two" });
    await succeed(bench.call({ command: "rollback", release: ids[2] }));
    expect(await bench.current()).toBe(ids[2]);
    const { problem } = await bench.call({ command: "rollback", release: "20200101T000000Z-0000000" });
    expect(problem?.code).toBe("rollback.unknown");
    expect((await bench.call({ command: "releases" })).answer).toMatchObject({
      releases: [{ id: ids[2], serves: true }, { id: ids[1] }, { id: ids[0] }],
    });
  });

  test("goes to what served before, not to the one that an earlier rollback ended, and it is kept for that", async ({
    onTestFinished,
  }) => {
    const bench = await makeAgentBench(onTestFinished);
    const deployed = async (content: string): Promise<string> =>
      ((await succeed(bench.call({ ...deploy(content), skip_health: true }))) as { release: { id: string } }).release
        .id;
    const [first, good] = [await deployed("first"), await deployed("good")];
    const bad = [await deployed("bad 1"), await deployed("bad 2"), await deployed("bad 3")];
    await succeed(bench.call({ command: "rollback", release: first }));
    const next = await deployed("next");
    // Five are kept, and the one that served until a second ago is the oldest.
    expect(await bench.releases()).toEqual([first, ...bad, next]);
    expect(await succeed(bench.call({ command: "rollback", skip_health: true }))).toMatchObject({
      release: { id: first },
      previous: next,
    });
    expect(await bench.releases()).not.toContain(good);
    // Nothing served before the first one: a rollback does not go forth to what it ended.
    expect((await bench.call({ command: "rollback" })).problem?.code).toBe("rollback.none");
  });

  test("to a release that does not work goes back, and keeps it", async ({ onTestFinished }) => {
    const bench = await makeAgentBench(onTestFinished);
    const { release } = (await succeed(bench.call({ ...deploy("one", {}, "web:sick"), skip_health: true }))) as {
      release: { id: string };
    };
    await succeed(bench.call(deploy("two")));
    const { problem } = await bench.call({ command: "rollback" });
    expect(problem?.code).toBe("deploy.unhealthy");
    expect(await bench.serving()).toMatchObject({ Image: "web:two" });
    expect(await bench.releases()).toContain(release.id);
  });
});

test(
  "a service that ended well has done its work, unless it ran when it was deployed",
  { timeout: 120_000 },
  async ({ onTestFinished }) => {
    const bench = await makeAgentBench(onTestFinished);
    const own = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
    const services = {
      job: { image: "oneshot:1", restart: "on-failure:5" },
      plain: { image: "oneshot:1" },
      web: { image: "web:1", restart: "on-failure" },
    };
    const content = Buffer.from(JSON.stringify({ services })).toString("base64");
    const files = [{ path: "compose.yaml", mode: "0600", owner: own, content }];
    const looks = async (answer: Promise<Record<string, unknown>>): Promise<string[]> => {
      const checks = (await answer)["checks"] as Record<string, string>[];
      return checks.filter(({ name }) => name?.startsWith("service")).map((one) => `${one["name"]} ${one["message"]}`);
    };
    const good = ["service job has done its work", "service plain has done its work", "service web runs"];
    expect(await looks(succeed(bench.call(deploy("one", { files }))))).toEqual(good);
    expect(await looks(succeed(bench.call({ command: "health" })))).toEqual(good);
    // As it ends where the server starts again.
    const containers = await readFile(join(bench.docker, "containers"), "utf8");
    await writeFile(join(bench.docker, "containers"), containers.replace('"running"', '"exited"'));
    expect(await looks(succeed(bench.call({ command: "health" })))).toEqual([
      ...good.slice(0, 2),
      "service web has ended, and it ran when it was deployed",
    ]);
    // It does not serve, so that the same content is deployed again.
    expect(await succeed(bench.call(deploy("one", { files })))).toMatchObject({ changed: true });
  },
);

test("a check that decides nothing is told, undoes nothing, and is bad in health", async ({ onTestFinished }) => {
  const bench = await makeAgentBench(onTestFinished);
  const check = { name: "certificate", tls: "127.0.0.1:1", timeout: 1, from: ["server"], decides: false };
  const answer = await succeed(bench.call(deploy("one", { health: [check] })));
  const certificate = expect.objectContaining({ name: "certificate", outcome: "warning" });
  expect(answer["checks"]).toContainEqual(certificate);
  const health = await succeed(bench.call({ command: "health" }));
  expect(health["checks"]).toContainEqual(expect.objectContaining({ name: "certificate", outcome: "bad" }));
});

test("a disk of docker's own counts, for health and for images that are sent", async ({ onTestFinished, skip }) => {
  const bench = await makeAgentBench(onTestFinished);
  await succeed(bench.call(deploy("one")));
  const place = join(bench.docker, "disk");
  await mkdir(place);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "landfall-test", place]).status !== 0)
    return skip("no root to mount a disk");
  onTestFinished(() => void spawnSync("umount", ["--lazy", place]));
  await writeFile(join(place, "layer"), Buffer.alloc(1_040_000));
  const disk = async (): Promise<unknown> => {
    const { checks } = (await succeed(bench.call({ command: "health" }))) as { checks: { name: string }[] };
    return checks.find(({ name }) => name === "disk");
  };
  expect(await disk()).toMatchObject({ message: expect.stringMatching(/free$/) });
  await writeFile(join(bench.docker, "root"), place);
  expect(await disk()).toMatchObject({ outcome: "bad", message: expect.stringContaining(`are free in ${place}`) });
  // The first is of the pull.
  expect((await bench.calls()).filter((call) => call.startsWith("info"))).toHaveLength(3);
  const { problem } = await bench.call({ ...deploy("two"), images: { size: 100_000 } }, { body: "" });
  expect(problem).toMatchObject({
    code: "deploy.noSpace",
    message: expect.stringContaining(`are free on the server in ${place}`),
  });
  // One that is not there is nobody's.
  await writeFile(join(bench.docker, "root"), "/nowhere/at/all");
  expect(await disk()).toMatchObject({ message: expect.stringMatching(/free$/) });
});

test("logs are without secrets, and only of services that exist", async ({ onTestFinished }) => {
  const bench = await makeAgentBench(onTestFinished);
  await succeed(bench.call(deploy("one")));
  const { events, text } = await bench.call({ command: "logs", tail: 3, services: ["web"] });
  expect(events.filter(({ event }) => event === "log")).toHaveLength(3);
  expect(events).toContainEqual({ event: "log", service: "web-1", line: "line 7 of web with ***" });
  expect(text).not.toContain(secret);
  expect((await bench.call({ command: "logs", services: ["nope"] })).problem?.code).toBe("app.noService");
});

test("a secret of several lines is in no line of a log", async ({ onTestFinished }) => {
  const bench = await makeAgentBench(onTestFinished);
  const lines = ["-----BEGIN KEY-----", "MC4CAQAwBQYDK2VwBCIEIF", "-----END KEY-----"];
  const key = lines.join("\n");
  await succeed(bench.call(deploy("one", { environment: { PASSWORD: lines[1] }, secrets: [key] })));
  const { text } = await bench.call({ command: "logs", tail: 3, services: ["web"] });
  expect(text).toContain("***");
  expect(text).not.toContain(lines[1]);
});

test(".env is exact for every value, and status says what runs", async ({ onTestFinished }) => {
  const bench = await makeAgentBench(onTestFinished);
  const values = ["plain", "a'b", 'a"b', "a\\b", "$HOME", "${X}", "a b#c", "'", '"', "\\", 'ends"', "ü€"];
  const environment = Object.fromEntries(values.map((value, index) => [`V${index}`, value]));
  await succeed(bench.call(deploy("one", { environment: { ...environment, PASSWORD: "x" } })));
  const read =
    "import json,sys; sys.path.insert(0, sys.argv[1]); from landfall_agent.environment import read; print(json.dumps(read(open(sys.argv[2]).read())))";
  const { execFileSync } = await import("node:child_process");
  const agent = join(import.meta.dirname, "..", "agent");
  const text = execFileSync("python3", ["-c", read, agent, join(bench.root, "current", ".env")], { encoding: "utf8" });
  expect(JSON.parse(text)).toEqual({ ...environment, PASSWORD: "x" });
  expect(await readFile(join(bench.root, "current", ".env"), "utf8")).toContain("V4='$HOME'\n");
  expect((await bench.call({ command: "status" })).answer).toMatchObject({
    application: "site",
    services: [{ service: "web", state: "running", image: "web:one" }],
    releases: 1,
    change: null,
    backup: null,
  });
});
