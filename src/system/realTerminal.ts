import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import type { Terminal } from "../ports/Terminal.ts";

export function realTerminal(): Terminal {
  return {
    // When it is asked for: touching standard input loads much of Node.
    get interactive() {
      return process.stderr.isTTY === true && process.stdin.isTTY === true;
    },
    ask: (question) => readLine(question, process.stderr),
    async askSecret(question) {
      const nowhere = createWriteStream("/dev/null");
      try {
        return await readLine(question, nowhere);
      } finally {
        nowhere.end();
        process.stderr.write("\n");
      }
    },
    readInput: () => text(process.stdin),
  };
}

/**
 * From the first character of the question on, the terminal shows nothing by itself: what is typed is shown by what is
 * written to `echo`.
 */
async function readLine(question: string, echo: NodeJS.WritableStream): Promise<string | undefined> {
  if (process.stdin.readableEnded) return undefined;
  const lines = createInterface({ input: process.stdin, output: echo, terminal: process.stdin.isTTY === true });
  const closed = new Promise<undefined>((resolve) => lines.once("close", () => resolve(undefined)));
  try {
    const asked = clean(question);
    if (echo !== process.stderr) process.stderr.write(asked);
    const answer = await Promise.race([lines.question(asked), closed]);
    return answer?.trim();
  } finally {
    lines.close();
  }
}

/** A question may quote a file, and a file may contain what moves the cursor. */
function clean(question: string): string {
  return stripVTControlCharacters(question).replaceAll(/(?!\n)\p{Cc}/gu, "");
}
