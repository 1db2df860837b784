import type { Socket } from "node:net";
import { beforeEach, expect, it } from "vitest";
import { createWaitBench, details, refusal, serve, type WaitBench } from "./testing/waitBench.ts";

let bench: WaitBench;

beforeEach(async () => {
  bench = await createWaitBench();
});

it("takes a sentence for no address and asks again", async () => {
  const answers = [undefined, "No IP assigned yet"];
  const error = await refusal(bench, { address: async () => (answers.length > 0 ? answers.shift() : "pending") }, 2500);
  expect(error.code).toBe("wait.address");
  expect(error.message).toBe(
    `the machine of dev/acme got no address within 3 s; what was given is no address: "pending"`,
  );
  expect(details(bench)).toEqual([
    "none assigned yet",
    "the provider says: No IP assigned yet",
    "the provider says: pending",
  ]);
});

it("tells a closed port", async () => {
  const error = await refusal(bench, {}, 700);
  expect(error).toMatchObject({ code: "wait.port", exit: 1 });
  expect(error.message).toBe(`no SSH server answers at 127.0.0.1:${bench.target.port} within 1 s: connection refused`);
  expect(error.hint).toContain("its SSH server is not (yet)");
  expect(bench.events.filter(({ type }) => type === "phase.finished")).toMatchObject([{ phase: "address" }]);
});

it.each([
  ["says nothing", () => undefined, "the connection opens, but nothing is said"],
  ["hangs up", (socket: Socket) => socket.destroy(), "the connection is closed at once"],
  ["is no SSH server", (socket: Socket) => socket.end("220 mail\r\n"), 'something that is not SSH says "220 mail"'],
])("tells a port that %s", async (_, behave, sight) => {
  serve(bench, behave);
  const error = await refusal(bench, {}, 1000);
  expect(error.code).toBe("wait.port");
  expect(error.message).toContain(sight);
});

it("tells a server that hangs up after its banner", async () => {
  serve(bench, (socket) => socket.end("SSH-2.0-example\r\n"));
  const error = await refusal(bench, {}, 1500);
  expect(error.code).toBe("wait.hostKey");
  expect(error.message).toMatch(/showed no host key within 2 s: .*[Cc]onnection/);
});

it("stops when it is asked to", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 300);
  const started = Date.now();
  expect(await refusal(bench, { signal: stop.signal }, 20_000)).toMatchObject({ code: "run.interrupted" });
  expect(Date.now() - started).toBeLessThan(2000);
});
