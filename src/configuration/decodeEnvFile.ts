import type { Problem } from "../errors.ts";

/** The text of a file, and a problem for each line that is not UTF-8. What is wrong becomes U+FFFD. */
export function decodeEnvFile(bytes: Uint8Array, file: string): { text: string; problems: Problem[] } {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), problems: [] };
  } catch {
    const problems = brokenLines(bytes).map((line) => ({
      where: `${file}:${line}`,
      message: "this is not valid UTF-8 text",
      hint: "save the file with the encoding UTF-8",
    }));
    return { text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), problems };
  }
}

/** A line end is never part of a longer sequence, so each line can be judged alone. */
function brokenLines(bytes: Uint8Array): number[] {
  const broken: number[] = [];
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(start, end));
    } catch {
      broken.push(line);
    }
    start = end + 1;
  }
  return broken;
}
