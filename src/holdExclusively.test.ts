import { spawn } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { realPorts } from "./system/realPorts.ts";
import { holdExclusively } from "./holdExclusively.ts";

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
  await Promise.all([1, 2, 3, 4].map(() => holdExclusively(directory, "lock", work, ports)));
  expect(most).toBe(1);
});

test("a failure frees the lock", async () => {
  await expect(holdExclusively(directory, "lock", () => Promise.reject(new Error("no")), ports)).rejects.toThrow("no");
  expect(await holdExclusively(directory, "lock", async () => "free", ports)).toBe("free");
});

test("a Landfall that was killed holds nothing", async () => {
  const source = new URL("./holdExclusively.ts", import.meta.url).pathname;
  const system = new URL("./system/realPorts.ts", import.meta.url).pathname;
  const script = `
    const { holdExclusively } = await import(${JSON.stringify(source)});
    const { realPorts } = await import(${JSON.stringify(system)});
    await holdExclusively(${JSON.stringify(directory)}, "lock", async () => {
      console.log("held");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    }, realPorts());
  `;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => holder.stdout.once("data", resolve));
  holder.kill("SIGKILL");
  const began = Date.now();
  expect(await holdExclusively(directory, "lock", async () => "free", ports)).toBe("free");
  expect(Date.now() - began).toBeLessThan(5_000);
});

test("who waits is told for what", async () => {
  const said: string[] = [];
  const emit: typeof ports.emit = (event) => {
    if (event.type === "notice") said.push(`${event.code}: ${event.message}`);
  };
  const first = holdExclusively(directory, "lock", () => ports.clock.sleep(3_000), { ...ports, emit });
  await ports.clock.sleep(200);
  await Promise.all([first, holdExclusively(directory, "lock", async () => undefined, { ...ports, emit })]);
  expect(said).toEqual(["lock.waiting: another Landfall on this computer is at the same work (lock): waiting for it"]);
});
