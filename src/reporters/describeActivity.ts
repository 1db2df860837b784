import { wholeSeconds } from "./duration.ts";
import type { Activity } from "./View.ts";

/** One line: `waiting for SSH port: connection refused, 12 s of 300 s`. */
export function describeActivity({ title, startedMs, budgetMs, detail }: Activity, now: number): string {
  const elapsed = wholeSeconds(Math.max(0, now - startedMs));
  const time = budgetMs === undefined ? elapsed : `${elapsed} of ${wholeSeconds(budgetMs)}`;
  return `${title}: ${detail === undefined ? "" : `${detail}, `}${time}`;
}
