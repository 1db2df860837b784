import { readdirSync, readFileSync } from "node:fs";

/** Looks at the arguments of every process on this computer for as long as it is not stopped. */
export function watchArguments(pattern: RegExp): { stop(): string[] } {
  const seen = new Set<string>();
  const timer = setInterval(() => {
    for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
      try {
        const text = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
        if (pattern.test(text)) seen.add(text);
      } catch {
        // It has ended.
      }
    }
  }, 20);
  return {
    stop() {
      clearInterval(timer);
      return [...seen];
    },
  };
}
