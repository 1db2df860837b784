import type { StepProgress } from "../events/Event.ts";

/** How far a step is: `45 % (12 of 27 MB)`, `3 of 8`, `12 MB`. */
export function progressText({ done, total, unit }: Pick<StepProgress, "done" | "total" | "unit">): string {
  if (unit === "items") return total === undefined ? `${done}` : `${done} of ${total}`;
  if (total === undefined || total === 0) return `${megabytes(done)} MB`;
  return `${Math.floor((100 * done) / total)} % (${megabytes(done)} of ${megabytes(total)} MB)`;
}

function megabytes(bytes: number): string {
  const amount = bytes / 1_000_000;
  return amount < 10 ? amount.toFixed(1) : amount.toFixed(0);
}
