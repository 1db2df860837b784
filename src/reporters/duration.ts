/** A duration for people: `0.4 s`, `12.3 s`, `178 s`, and minutes from ten on. */
export function duration(ms: number): string {
  if (ms < 100_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 600_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

/** The same without tenths, for what is still going on. */
export function wholeSeconds(ms: number): string {
  return ms < 600_000 ? `${Math.floor(ms / 1000)} s` : duration(ms);
}
