import { spawnSync } from "node:child_process";

export interface Command {
  program: string;
  argv: readonly string[];
  environment?: NodeJS.ProcessEnv;
}

/** One line of the table. Times are medians, in milliseconds. */
export interface Row {
  what: string;
  ms: number;
  /** What it is compared with; absent where the goal is a time. */
  against?: { what: string; ms: number };
  /** At most: a ratio, or seconds where nothing is compared. */
  goal?: number;
  missed: boolean;
}

/** Runs both in turns, so that whatever else the machine does hits both. */
export function compare(
  what: string,
  measured: Command,
  base: { what: string; command: Command },
  { goal, times }: { goal: number; times: number },
): Row {
  const rounds = Array.from({ length: times + 1 }, () => ({ ours: measure(measured), theirs: measure(base.command) }));
  // The first round fills caches.
  const counted = rounds.slice(1);
  const ms = median(counted.map(({ ours }) => ours));
  const baseMs = median(counted.map(({ theirs }) => theirs));
  return { what, ms, against: { what: base.what, ms: baseMs }, goal, missed: ms / baseMs > goal };
}

/** `goal` in seconds. */
export function time(what: string, measured: Command, { goal, times }: { goal: number; times: number }): Row {
  const rounds = Array.from({ length: times + 1 }, () => measure(measured));
  const ms = median(rounds.slice(1));
  return { what, ms, goal, missed: ms / 1000 > goal };
}

/** Milliseconds until the program ends; throws when it fails. */
export function measure({ program, argv, environment }: Command): number {
  const started = performance.now();
  const { status, stderr, stdout } = spawnSync(program, argv, { env: { ...process.env, ...environment } });
  const ms = performance.now() - started;
  if (status !== 0) throw new Error(`${program} ${argv.join(" ")} ended with ${status}\n${stdout}${stderr}`);
  return ms;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
