import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { realPorts } from "../system/realPorts.ts";
import { lockStack, type LockHolder } from "./lockStack.ts";
import type { StackPaths } from "./stackPaths.ts";

let directory: string;
let paths: StackPaths;
const ports = realPorts();
const children = new Set<ChildProcess>();
const holder = (command: string): LockHolder => ({
  command,
  pid: process.pid,
  host: ports.machine.hostname,
  user: "somebody",
  started: new Date(Date.now() - 200_000).toISOString(),
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "landfall-lock-"));
  paths = { runLock: join(directory, "run.lock") } as StackPaths;
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
  await rm(directory, { recursive: true, force: true });
});

/** Another process that takes the lock, says on its output how that went, and keeps what it has until it is ended. */
function contender(
  name: string,
  afterwards = "",
  launcher: string[] = [],
): { child: ChildProcess; said: Promise<string> } {
  const program = `
    import { once } from "node:events";
    import { lockStack } from ${JSON.stringify(join(import.meta.dirname, "lockStack.ts"))};
    import { realPorts } from ${JSON.stringify(join(import.meta.dirname, "../system/realPorts.ts"))};
    const ports = realPorts();
    const holder = { command: ${JSON.stringify(name)}, pid: process.pid, host: ports.machine.hostname, user: "other", started: new Date().toISOString() };
    try {
      const lock = await lockStack({ runLock: ${JSON.stringify(paths.runLock)} }, holder, ports);
      ${afterwards}
      process.stdout.write("won " + process.pid + "\\n");
      setInterval(() => lock.fd, 1000);
    } catch (error) {
      process.stdout.write(error.code + " " + error.message + "\\n");
    }`;
  const [start = "", ...args] = [...launcher, process.execPath, "--input-type=module", "-e", program];
  const child = spawn(start, args, { stdio: ["ignore", "pipe", "inherit"] });
  children.add(child);
  const said = once(child.stdout, "data").then(([data]) => String(data));
  return { child, said };
}

/** Ports, and for how long somebody waited in them, in ms: what a busy computer needs besides is not of interest. */
function countWaiting(): { ports: typeof ports; waited: () => number } {
  let sum = 0;
  const sleep: typeof ports.clock.sleep = async (ms, ...more) => {
    sum += ms;
    await ports.clock.sleep(ms, ...more);
  };
  return { ports: { ...ports, clock: { ...ports.clock, sleep } }, waited: () => sum };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** PID 1 of a container may leave what has ended as a zombie. */
function isAlive(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !/\) Z /.test(readFileSync(path, "utf8"));
}

describe("lockStack", () => {
  it("keeps a second run out, which learns who holds the stack within a second", async () => {
    const lock = await lockStack(paths, holder("apply development/acme"), ports);
    const { waited, ports: counting } = countWaiting();
    await expect(lockStack(paths, holder("destroy development/acme"), counting)).rejects.toMatchObject({
      code: "stack.locked",
      exit: 6,
      message: `"apply development/acme" holds the stack: process ${process.pid} of somebody on ${ports.machine.hostname}, since 3 min`,
      hint: `wait for it, or end it: kill -INT ${process.pid}`,
    });
    expect(waited()).toBeLessThan(1000);
    await lock.release();
    await lock.release();
    const next = await lockStack(paths, holder("destroy development/acme"), ports);
    expect(JSON.parse(await readFile(paths.runLock, "utf8"))).toMatchObject({ command: "destroy development/acme" });
    await next.release();
    expect(await readFile(paths.runLock, "utf8")).toBe("");
  });

  it("names a holder that said nothing as such", async () => {
    const lock = await lockStack(paths, holder("apply"), ports);
    await writeFile(paths.runLock, "");
    const { waited, ports: counting } = countWaiting();
    await expect(lockStack(paths, holder("plan"), counting)).rejects.toMatchObject({
      message: "another run holds the stack, and has not said which",
    });
    expect(waited()).toBeLessThan(1000);
    await lock.release();
  });

  it("is not taken from a holder whose shell has ended, as at the end of an SSH session", async () => {
    const { child, said } = contender("apply", "", ["setsid", "sh", "-c", '"$@" & sleep 1', "sh"]);
    const left = once(child, "exit");
    const pid = Number((await said).split(" ")[1]);
    await left;
    await expect(lockStack(paths, holder("plan"), ports)).rejects.toMatchObject({
      code: "stack.locked",
      message: expect.stringMatching(/^"apply" holds/),
    });
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, "SIGKILL");
  });

  it("holds although its directory was removed", async () => {
    const { child, said } = contender("apply");
    expect(await said).toMatch(/^won/);
    await rm(paths.runLock);
    const refused = (others = ports): Promise<void> =>
      expect(lockStack(paths, holder("plan"), others)).rejects.toMatchObject({
        code: "stack.locked",
        message: expect.stringContaining(`process ${child.pid}`),
      });
    for (let time = 0; time < 2; time += 1) await refused();
    // Another one that came just before has made the file anew, finds that run too, and removes the file.
    await writeFile(paths.runLock, "");
    const run = vi.fn(ports.processes.run).mockImplementationOnce(async (command) => {
      await rm(paths.runLock);
      return ports.processes.run(command);
    });
    await refused({ ...ports, processes: { ...ports.processes, run } });
    await end(child, "SIGKILL");
    await (await lockStack(paths, holder("plan"), ports)).release();
  });

  it("is free as soon as the holder is killed", async () => {
    const { child, said } = contender("apply");
    expect(await said).toMatch(/^won/);
    await expect(lockStack(paths, holder("plan"), ports)).rejects.toMatchObject({ code: "stack.locked" });
    await end(child, "SIGKILL");
    const lock = await lockStack(paths, holder("plan"), ports);
    await lock.release();
  });

  it("names the holder that is just writing its name, not the one before that was killed", async () => {
    const { child, said } = contender("apply");
    expect(await said).toMatch(/^won/);
    const now = await readFile(paths.runLock, "utf8");
    // As it is in the moment between taking the lock and writing.
    await writeFile(paths.runLock, JSON.stringify({ ...JSON.parse(now), command: "destroy", pid: 2 ** 22 + 1 }));
    const refused = expect(lockStack(paths, holder("plan"), ports)).rejects;
    setTimeout(() => void writeFile(paths.runLock, now), 100);
    await refused.toMatchObject({ code: "stack.locked", message: expect.stringMatching(/^"apply" holds/) });
    await end(child, "SIGKILL");
  });

  it("stays with an engine that inherited it and outlives the run", async () => {
    const { child, said } = contender(
      "apply",
      `const { spawn } = await import("node:child_process");
       const engine = spawn("sleep", ["60"], { stdio: ["ignore", "ignore", "ignore", lock.fd], detached: true });
       process.stdout.write("engine " + engine.pid + "\\n");`,
    );
    const engine = Number(/engine (\d+)/.exec(await said)?.[1]);
    await end(child, "SIGKILL");
    await expect(lockStack(paths, holder("plan"), ports)).rejects.toMatchObject({
      code: "stack.engineAtWork",
      message: expect.stringContaining("it has ended, but the engine that it started is still at work"),
    });
    process.kill(engine, "SIGKILL");
    await expect
      .poll(async () =>
        lockStack(paths, holder("plan"), ports).then(
          (lock) => lock.release(),
          (error) => error.code,
        ),
      )
      .toBe(undefined);
  });

  it("ends the plugin of an engine that was killed, which would hold it for ever", async () => {
    const { child, said } = contender(
      "apply",
      `const { spawn } = await import("node:child_process");
       const engine = spawn("sh", ["-c", "sleep 600 & echo plugin $!; wait"], { stdio: ["ignore", "pipe", "ignore", lock.fd], detached: true });
       const [plugin] = await once(engine.stdout, "data");
       process.stdout.write("engine " + engine.pid + " " + plugin);`,
    );
    const numbers = /engine (\d+) plugin (\d+)/.exec(await said);
    const [engine, plugin] = [Number(numbers?.[1]), Number(numbers?.[2])];
    expect(engine).toBeGreaterThan(1);
    await end(child, "SIGKILL");
    await expect(lockStack(paths, holder("plan"), ports)).rejects.toMatchObject({ code: "stack.engineAtWork" });
    process.kill(engine, "SIGKILL");
    await expect.poll(() => isAlive(engine)).toBe(false);
    expect(isAlive(plugin)).toBe(true);
    const lock = await lockStack(paths, holder("plan"), ports);
    await lock.release();
    await expect.poll(() => isAlive(plugin)).toBe(false);
  });

  it("is not inherited by a child that was not given it", async () => {
    const lock = await lockStack(paths, holder("apply"), ports);
    const child = spawn("sleep", ["60"], { stdio: "ignore" });
    children.add(child);
    await lock.release();
    const next = await lockStack(paths, holder("plan"), ports);
    await next.release();
  });

  it("has exactly one winner of 24 that begin together", async () => {
    const contenders = Array.from({ length: 24 }, (_value, index) => contender(`run ${index}`));
    const said = await Promise.all(contenders.map((each) => each.said));
    const winners = said.filter((text) => text.startsWith("won"));
    expect(winners).toHaveLength(1);
    const pid = winners[0]?.trim().split(" ")[1];
    for (const text of said.filter((each) => !each.startsWith("won"))) {
      expect(text).toMatch(new RegExp(`^stack.locked "run \\d+" holds the stack: process ${pid} of other`));
    }
  }, 240_000);

  it("says what is missing where there is no flock", async () => {
    const processes = {
      ...ports.processes,
      run: async (command: never) => ports.processes.run({ ...(command as object), program: "no-such-flock" } as never),
    };
    await expect(lockStack(paths, holder("plan"), { ...ports, processes })).rejects.toMatchObject({
      code: "stack.noLockProgram",
      exit: 4,
    });
  });
});
