import { findSecret } from "./canary.ts";

const seen: string[] = [];

/** Notes a leak, which fails the test. */
export function leakSeen(sentence: string): void {
  seen.push(sentence);
}

/** Notes it where a secret shows in what was written for somebody to read. */
export function checkStream(name: string, text: string): void {
  const found = findSecret(text);
  if (found !== undefined) leakSeen(`${name} shows a secret: ${found}`);
}

/** What was noted since the last call. */
export function takeLeaks(): string[] {
  return seen.splice(0);
}
