import { describe, expect, test } from "vitest";
import { deploy, makeAgentBench, succeed, type AgentBench } from "./support/agentBench.ts";

const kept = "landfall-kept:";
const isKept = (name: string): boolean => name.startsWith(kept);
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

    test("a deploy that ends before anything is switched gives the name back", async ({ onTestFinished }) => {
      const bench = await makeAgentBench(onTestFinished);
      await succeed(archive(bench, "good"));
      const good = await runs(bench);
      expect((await archive(bench, "bad", "web:2", "web:1=bad\n")).problem?.message).toContain(
        "the archive lacks web:2",
      );
      expect((await bench.images())["web:1"]).toBe(good);
    });

    test("and where the image of then is gone, that is said, and what serves goes on", async ({ onTestFinished }) => {
      const bench = await makeAgentBench(onTestFinished);
      await succeed(archive(bench, "good"));
      const good = await bench.serving();
      await succeed(archive(bench, "bad"));
      const bad = await runs(bench);
      await bench.removeImage(kept + good?.image.replace("sha256:", ""));
      const { problem } = await bench.call({ command: "rollback" });
      expect(problem?.message).toMatch(
        /^what release .* ran as web:1 is not on the server any more; release .* serves/,
      );
      expect(await runs(bench)).toBe(bad);
    });
  });
});
