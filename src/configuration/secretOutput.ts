import { longestValue } from "./expandValues.ts";

/** The text of a secret as it was read from a file or a command, or why it is none; the message continues its name. */
export function secretOutput(read: string): { text: string } | { message: string } {
  const text = read.replace(/\r?\n$/, "");
  if (text === "") return { message: "is empty" };
  if (text.includes("\0")) return { message: "contains a NUL byte, which no variable can hold" };
  // Whoever decodes puts this character in place of what is not UTF-8; no secret has it on purpose.
  if (text.includes("\uFFFD")) return { message: "is not UTF-8 text" };
  if (text.length > longestValue) return { message: "is longer than 128 KiB" };
  return { text };
}
