/** The number of inputs that all properties together get in `make test-fuzz`, unless FUZZ_RUNS says another. */
const whole = 100_000;
const quick = 4000;

/** How many inputs one property gets: `full` in `make test-fuzz`, its share elsewhere. */
export function fuzzRuns(full: number): number {
  const total = Number(process.env["FUZZ_RUNS"] || quick);
  return Math.max(10, Math.round((full * total) / whole));
}
