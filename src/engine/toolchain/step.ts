import type { Ports } from "../../ports/Ports.ts";

export interface Step {
  title: string;
  /** Says how far the work is; told on at most four times a second. */
  progress(done: number, total: number | undefined, unit: "bytes" | "items"): void;
}

const progressEveryMs = 250;

/** Runs a piece of preparation between `step.started` and `step.finished` or `step.failed`. */
export async function step<T>(
  id: string,
  title: string,
  { clock, emit }: Ports,
  work: (step: Step) => Promise<T>,
): Promise<T> {
  const began = clock.now();
  let told = 0;
  const progress: Step["progress"] = (done, total, unit) => {
    if (done !== total && clock.now() - told < progressEveryMs) return;
    told = clock.now();
    emit({ type: "step.progress", step: id, title, done, ...(total === undefined ? {} : { total }), unit });
  };
  emit({ type: "step.started", step: id, title });
  try {
    const result = await work({ title, progress });
    emit({ type: "step.finished", step: id, title, durationMs: clock.now() - began });
    return result;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    emit({ type: "step.failed", step: id, title, durationMs: clock.now() - began, message });
    throw error;
  }
}
