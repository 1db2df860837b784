import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { deploy, makeAgentBench, succeed, type AgentBench } from "./support/agentBench.ts";

const isKept = (name: string): boolean => name.startsWith("landfall-kept/");
/** Those that somebody gave, and not the agent. */
const namesOf = async (bench: AgentBench): Promise<string[]> =>
  Object.keys(await bench.images()).filter((name) => !isKept(name));

describe("images", { concurrent: true, timeout: 120_000 }, () => {
  test("loads images from an archive, and says which it lacks", async ({ onTestFinished }) => {
    const bench = await makeAgentBench(onTestFinished);
    const body = "web:one other:1\n";
    const images = { size: body.length };
    await succeed(bench.call({ ...deploy("one"), images }, { body }));
    expect(await namesOf(bench)).toEqual(["web:one", "other:1"]);
    expect((await bench.calls()).some((call) => call.startsWith("pull"))).toBe(false);
    const { problem } = await bench.call({ ...deploy("two"), images }, { body });
    expect(problem?.message).toContain("the archive lacks web:two");
  });

  test("runs what an archive brought although compose.yaml names digests, which no archive has", async ({
    onTestFinished,
  }) => {
    const bench = await makeAgentBench(onTestFinished);
    const body = "web:1\n";
    const image = `web:1@sha256:${"a".repeat(64)}`;
    await succeed(bench.call({ ...deploy("one", {}, image), images: { size: body.length } }, { body }));
    expect(await bench.serving()).toMatchObject({ State: "running", Image: "web:1" });
    expect((await bench.calls()).some((call) => call.startsWith("pull"))).toBe(false);
  });

  test("keeps five releases, and removes the images that none of them has", async ({ onTestFinished }) => {
    const bench = await makeAgentBench(onTestFinished);
    for (const content of ["1", "2", "3", "4", "5", "6", "7"])
      await succeed(bench.call({ ...deploy(content), skip_health: true }));
    expect(await bench.releases()).toHaveLength(5);
    expect(await namesOf(bench)).toEqual(["web:3", "web:4", "web:5", "web:6", "web:7"]);
    expect(Object.keys(await bench.images()).filter(isKept)).toHaveLength(5);
  });

  describe("where an archive brings another image of the same name", { concurrent: true }, () => {
    /** Two releases whose images differ, and not their names. */
    const archive = async (bench: AgentBench, content: string, image = "web:1", body = `${image}=${content}\n`) =>
      bench.call({ ...deploy(content, {}, image), images: { size: body.length } }, { body });
    const runs = async (bench: AgentBench): Promise<unknown> => (await bench.serving())?.image;

    test("a rollback runs what ran then", async ({ onTestFinished }) => {
      const bench = await makeAgentBench(onTestFinished);
      await succeed(archive(bench, "good"));
      const good = await runs(bench);
      await succeed(archive(bench, "bad"));
      expect(await runs(bench)).not.toBe(good);
      await succeed(bench.call({ command: "rollback" }));
      expect(await runs(bench)).toBe(good);
    });

    test("a release that is not healthy gives it back", async ({ onTestFinished }) => {
      const bench = await makeAgentBench(onTestFinished);
      await succeed(archive(bench, "good"));
      const good = await runs(bench);
      expect((await archive(bench, "broken")).problem?.code).toBe("deploy.unhealthy");
      expect(await runs(bench)).toBe(good);
    });

    test("where the image of then is gone, that is said, and what serves goes on", async ({ onTestFinished }) => {
      const bench = await makeAgentBench(onTestFinished);
      await succeed(archive(bench, "good"));
      await bench.removeImages(isKept);
      await succeed(archive(bench, "bad"));
      const bad = await runs(bench);
      const { problem } = await bench.call({ command: "rollback" });
      expect(problem?.message).toMatch(
        /^the image that release .* ran as web:1 is not on the server any more, and another has its name; release .* serves/,
      );
      expect(await runs(bench)).toBe(bad);
    });

    test("and where its name is gone too, it is pulled", async ({ onTestFinished }) => {
      const bench = await makeAgentBench(onTestFinished);
      await succeed(archive(bench, "good"));
      await succeed(archive(bench, "other", "web:2"));
      await bench.removeImages((name) => name.includes("web:1"));
      await succeed(bench.call({ command: "rollback" }));
      expect(await bench.serving()).toMatchObject({ State: "running", Image: "web:1" });
    });
  });

  test("one that is called by its digest stays where the release goes that brought it by its version", async ({
    onTestFinished,
  }) => {
    const bench = await makeAgentBench(onTestFinished);
    const pinned = `web:1@sha256:${"a".repeat(64)}`;
    await succeed(bench.call(deploy("0", {}, "web:1")));
    for (const content of ["1", "2", "3", "4", "5"]) {
      // So docker finds it while the version is there, and no more once that is removed.
      if (content !== "5") await bench.addImage(pinned);
      await succeed(bench.call({ ...deploy(content, {}, pinned), skip_health: true }));
      await bench.removeImages((name) => name === pinned);
    }
    expect((await bench.images())["web:1"]).toBeUndefined();
    expect((await bench.calls()).filter((call) => call.startsWith("pull"))).toEqual(["pull --quiet web:1"]);
    expect(await bench.serving()).toMatchObject({ State: "running", Image: "web:1" });
  });

  test("of a deploy that failed are removed: at once where an archive brought them", async ({ onTestFinished }) => {
    const bench = await makeAgentBench(onTestFinished);
    await succeed(bench.call(deploy("one")));
    const before = Object.keys(await bench.images());
    const body = "web:broken other:1\n";
    const failing = { ...deploy("two", {}, "web:broken"), images: { size: body.length } };
    expect((await bench.call(failing, { body })).problem?.code).toBe("deploy.unhealthy");
    expect(await namesOf(bench)).toEqual(["web:one", "other:1"]);
    expect(Object.keys(await bench.images()).filter(isKept)).toEqual(before.filter(isKept));
    expect((await bench.call(deploy("three", {}, "web:sick"))).problem?.code).toBe("deploy.unhealthy");
    expect(await namesOf(bench)).toContain("web:sick");
    await succeed(bench.call(deploy("four")));
    expect(await namesOf(bench)).toEqual(["web:one", "other:1", "web:four"]);
  });

  test("that fill the disk while they arrive are given up, and what serves has room", async ({
    onTestFinished,
    skip,
  }) => {
    if (process.getuid?.() !== 0) return skip("no root to mount a disk");
    const bench = await makeAgentBench(onTestFinished, { diskMiB: 30 });
    await succeed(bench.call(deploy("one")));
    await bench.plan("load before fill", "load before hold");
    const body = "web:two\n";
    const { problem } = await bench.call({ ...deploy("two"), images: { size: body.length } }, { body });
    expect(problem).toMatchObject({ code: "deploy.noSpace", message: expect.stringMatching(/serves as before$/) });
    expect(await bench.serving()).toMatchObject({ State: "running", Image: "web:one" });
  });

  test("of a release of an earlier agent are what their names say", async ({ onTestFinished }) => {
    const bench = await makeAgentBench(onTestFinished);
    const { id } = (await succeed(bench.call(deploy("one"))))["release"] as { id: string };
    const release = join(bench.root, "releases", id);
    const facts = JSON.parse(await readFile(join(release, "release.json"), "utf8")) as object;
    await writeFile(join(release, "release.json"), JSON.stringify({ ...facts, images: ["web:one"] }));
    await rm(join(release, "compose.loaded.yaml"));
    await bench.removeImages(isKept);
    const { text } = await bench.call(deploy("two"));
    expect(text).not.toContain("deploy.untidy");
    await succeed(bench.call({ command: "rollback" }));
    expect(await bench.serving()).toMatchObject({ release: id, Image: "web:one" });
  });

  test("are shown as compose.yaml calls them", async ({ onTestFinished }) => {
    const bench = await makeAgentBench(onTestFinished);
    await succeed(bench.call(deploy("one")));
    expect(await succeed(bench.call({ command: "status" }))).toMatchObject({ services: [{ image: "web:one" }] });
  });
});
