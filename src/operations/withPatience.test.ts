import { expect, it } from "vitest";
import { AppError } from "../errors.ts";
import type { OperationContext } from "./OperationContext.ts";
import { withPatience } from "./withPatience.ts";

const slept: number[] = [];
const context = {
  ports: { clock: { sleep: async (ms: number) => void slept.push(ms) }, emit: () => undefined },
  interrupt: new AbortController().signal,
} as unknown as OperationContext;
const limited = (): never => {
  throw new AppError("engine.rateLimited", "too many", { hint: "wait" });
};

it("waits longer each time, and gives what came in the end", async () => {
  slept.length = 0;
  const result = await withPatience(async (attempt) => (attempt < 3 ? limited() : attempt), context);
  expect(result).toBe(3);
  expect(slept).toEqual([30_000, 60_000]);
});

it("gives up after half an hour", async () => {
  await expect(withPatience(async () => limited(), context)).rejects.toThrow("too many");
});

it("does not try again what failed for another reason", async () => {
  slept.length = 0;
  const failing = withPatience(async () => {
    throw new AppError("engine.failed", "broken", { hint: "mend" });
  }, context);
  await expect(failing).rejects.toThrow("broken");
  expect(slept).toEqual([]);
});

it("stops when it is asked to, and does not try again", async () => {
  const stop = new AbortController();
  let attempts = 0;
  const waiting = withPatience(
    async () => {
      attempts += 1;
      stop.abort();
      return limited();
    },
    { ...context, interrupt: stop.signal },
  );
  await expect(waiting).rejects.toMatchObject({ code: "run.interrupted" });
  expect(attempts).toBe(1);
});
