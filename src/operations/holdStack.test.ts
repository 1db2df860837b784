import { spawn } from "node:child_process";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Event } from "../events/Event.ts";
import type { Stack } from "../stacks/Stack.ts";
import type { StackPaths } from "../stacks/stackPaths.ts";
import { realPorts } from "../system/realPorts.ts";
import { holdStack } from "./holdStack.ts";
import type { OperationContext } from "./OperationContext.ts";

let directory: string;
let runLock: string;
let engine: number;
const events: Event[] = [];

/** A run that was killed, and its engine, which works on and holds the lock. */
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "landfall-hold-"));
  runLock = join(directory, "run.lock");
  events.length = 0;
  const handle = await open(runLock, "w");
  const child = spawn("sh", ["-c", "flock -x 3 && echo held && exec sleep 600"], {
    stdio: ["ignore", "pipe", "inherit", handle.fd],
    detached: true,
  });
  await once(child.stdout ?? child, "data");
  engine = child.pid ?? Number.NaN;
  const dead = spawn("true");
  await once(dead, "exit");
  const holder = { command: "apply qa/acme", pid: dead.pid, host: realPorts().machine.hostname, user: "somebody" };
  await writeFile(runLock, JSON.stringify({ ...holder, started: new Date().toISOString() }));
  await handle.close();
});
afterEach(async () => {
  try {
    process.kill(engine, "SIGKILL");
  } catch {
    // The test ended it.
  }
  await rm(directory, { recursive: true, force: true });
});

function hold(interrupt: AbortSignal): ReturnType<typeof holdStack> {
  const loaded = { stack: { name: "qa/acme" } as Stack, paths: { runLock } as StackPaths };
  return holdStack(loaded, "apply", {
    ports: realPorts((event) => events.push(event)),
    interrupt,
  } as OperationContext);
}

test("waits for the engine of a run that was killed, says so once, and goes on", async () => {
  const held = hold(new AbortController().signal);
  const first = await Promise.race([held.then(() => "held"), new Promise((resolve) => setTimeout(resolve, 1000))]);
  expect(first).toBeUndefined();
  process.kill(engine, "SIGKILL");
  await (await held).release();
  const told = events.filter((event) => event.type === "notice");
  expect(told).toEqual([
    expect.objectContaining({ code: "stack.engineAtWork", message: expect.stringContaining("waiting until it has") }),
  ]);
});

test("stops waiting when it is asked to", async () => {
  const interrupt = new AbortController();
  const held = hold(interrupt.signal);
  setTimeout(() => interrupt.abort(), 500);
  const late = new Promise((resolve) => setTimeout(resolve, 20_000, "it waits on"));
  await expect(Promise.race([held, late])).rejects.toMatchObject({ code: "run.interrupted" });
});
