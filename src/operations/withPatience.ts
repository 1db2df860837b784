import { AppError } from "../errors.ts";
import { checkInterrupted } from "./checkInterrupted.ts";
import type { OperationContext } from "./OperationContext.ts";

/** Between two tries; the plugins themselves give up after seconds. */
const pausesMs = [30_000, 60_000, 120_000, 300_000, 600_000];

/**
 * Does `work` again where the provider said that there were too many requests, until it lets us in again. `attempt` is
 * counted from 1. Everything else is thrown, as is the last refusal.
 */
export async function withPatience<T>(work: (attempt: number) => Promise<T>, context: OperationContext): Promise<T> {
  const { clock, emit } = context.ports;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      const pauseMs = pausesMs[attempt - 1];
      if (!(error instanceof AppError) || error.code !== "engine.rateLimited" || pauseMs === undefined) throw error;
      emit({
        type: "notice",
        level: "warning",
        code: error.code,
        message: `${error.message}: waiting ${pauseMs / 1000} s, then going on`,
      });
      await clock.sleep(pauseMs, context.interrupt).catch(() => undefined);
      checkInterrupted(context);
    }
  }
}
