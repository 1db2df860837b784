import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { realPorts } from "../../system/realPorts.ts";
import { exclusively } from "./exclusively.ts";

const ports = realPorts();
let directory: string;
beforeEach(async () => {
  directory = await ports.files.temporaryDirectory("landfall-lock-");
});
afterEach(() => ports.files.remove(directory));

test("one at a time, and every one has its turn", async () => {
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await ports.clock.sleep(50);
    inside -= 1;
  };
  await Promise.all([1, 2, 3, 4].map(() => exclusively(join(directory, "lock"), ports, work)));
  expect(most).toBe(1);
});

test("a failure frees the lock", async () => {
  const lock = join(directory, "lock");
  await expect(exclusively(lock, ports, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await exclusively(lock, ports, async () => "free")).toBe("free");
});

test("a Landfall that was killed holds nothing", async () => {
  const lock = join(directory, "lock");
  const source = new URL("./exclusively.ts", import.meta.url).pathname;
  const system = new URL("../../system/realPorts.ts", import.meta.url).pathname;
  const script = `
    const { exclusively } = await import(${JSON.stringify(source)});
    const { realPorts } = await import(${JSON.stringify(system)});
    await exclusively(${JSON.stringify(lock)}, realPorts(), async () => {
      console.log("held");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    });
  `;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => holder.stdout.once("data", resolve));
  holder.kill("SIGKILL");
  const began = Date.now();
  expect(await exclusively(lock, ports, async () => "free")).toBe("free");
  expect(Date.now() - began).toBeLessThan(5_000);
});
