/** Whether a list of names lets a variable through; `*` at the end of one stands for anything. */
export function passes(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => (pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
}
