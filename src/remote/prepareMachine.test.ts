import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { HostFacts } from "./HostFacts.ts";
import { createWaitBench, details, refusal, sshd, startSshd, told, wait, type WaitBench } from "./testing/waitBench.ts";
import type { Preparation } from "./Wait.ts";

const missing = !existsSync(sshd) || userInfo().uid !== 0;
if (missing) process.stderr.write(`SKIPPED: preparing a host needs ${sshd} and root\n`);

let bench: WaitBench;
let directory: string;
beforeEach(async () => {
  bench = await createWaitBench();
  directory = join(bench.directory, "landfall");
});

/** What is prepared notes that it ran, with the port that it was told. */
function preparation(script: string, changes: Partial<Preparation> = {}): { preparation: Preparation } {
  const noted = `echo "$LANDFALL_SSH_PORT" >>'${bench.directory}/ran'\n${script}`;
  const { user } = bench.target;
  return { preparation: { script: noted, attempt: "first", directory, user, judge: () => undefined, ...changes } };
}

/** Ends our side of every connection of this bench. */
async function cutConnections(): Promise<void> {
  const { processes } = bench.ports;
  const { stdout } = await processes.run({ program: "pgrep", arguments: ["-f", `ssh .*${bench.target.knownHosts}`] });
  for (const pid of stdout.split("\n").filter((line) => line !== "")) processes.kill(Number(pid));
}

const runs = async (): Promise<string[]> =>
  (await readFile(join(bench.directory, "ran"), "utf8").catch(() => "")).trim().split("\n");

describe.skipIf(missing)("a host that is prepared over SSH", () => {
  it("is looked at first, told step by step, and logged in to at the end", async () => {
    await startSshd(bench);
    let seen: HostFacts | undefined;
    const report = await wait(
      bench,
      preparation("echo 'landfall:step packages'; echo Setting up docker; sleep 1.5", {
        judge: (facts) => void (seen = facts),
      }),
    );
    expect(report.phases.map(({ phase }) => phase)).toEqual(["address", "port", "host-key", "login", "preparation"]);
    expect(details(bench)).toContain("packages: Setting up docker");
    expect(seen).toMatchObject({ privilege: "root", client: "127.0.0.1" });
    expect(seen?.memory).toBeGreaterThan(100);
    expect(seen?.processors).toBeGreaterThan(0);
    expect(await runs()).toEqual([String(bench.target.port)]);
  });

  it("is left alone where it is judged unfit", async () => {
    await startSshd(bench);
    const judge = (): never => {
      throw new Error("unfit");
    };
    await expect(wait(bench, preparation("", { judge }))).rejects.toThrow("unfit");
    expect(existsSync(directory)).toBe(false);
  });

  it("goes on when the connection is lost, and is not begun twice", async () => {
    await startSshd(bench);
    await Promise.all([
      wait(bench, preparation("echo 'landfall:step long'; sleep 4")),
      told(bench, "long").then(cutConnections),
    ]);
    expect(details(bench)).toContain("the connection was lost; the host goes on");
    expect(await runs()).toHaveLength(1);
  });

  it("goes on when it was interrupted: the next run waits for the first, then makes sure", async () => {
    await startSshd(bench);
    const stop = new AbortController();
    const script = "echo 'landfall:step long'; until [ -e go ]; do sleep 0.1; done; echo done >>ended";
    const [error] = await Promise.all([
      refusal(bench, { ...preparation(script), signal: stop.signal }),
      told(bench, "long").then(() => stop.abort()),
    ]);
    expect(error.code).toBe("run.interrupted");
    await Promise.all([
      wait(bench, preparation(script, { attempt: "second" })),
      told(bench, "an earlier preparation goes on").then(() => writeFile(join(directory, "go"), "")),
    ]);
    expect(await readFile(join(directory, "ended"), "utf8")).toBe("done\ndone\n");
  });

  it("begins again where the host was switched off in the middle", async () => {
    await startSshd(bench);
    const script = `[ -e begun ] && exit 0; touch begun; kill -9 "$PPID"; sleep 60`;
    await wait(bench, preparation(script));
    expect(await runs()).toHaveLength(2);
  });

  it("says what went wrong there", async () => {
    await startSshd(bench);
    const error = await refusal(bench, preparation("echo 'landfall:step packages'; echo 'E: no space left'; exit 9"));
    expect(error).toMatchObject({
      code: "wait.preparation",
      message: "the preparation of the host of dev/acme failed with status 9 (packages)",
      problems: expect.arrayContaining([{ message: "E: no space left" }]),
    });
    await wait(bench, preparation("true", { attempt: "second" }));
  });

  it("says where it is when its time is up", async () => {
    await startSshd(bench);
    const budgets = { sshMs: 10_000, cloudInitMs: 6000 };
    const error = await refusal(bench, { ...preparation("echo 'landfall:step packages'; sleep 8"), budgets });
    expect(error.message).toBe("the host of dev/acme is not prepared after 6 s; it is at: packages");
  });
});
