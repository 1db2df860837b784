import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
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
      // The terminal is in raw mode meanwhile, so that what is typed is shown by readline only, and that writes to nowhere.
      const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
      try {
        process.stderr.write(clean(question));
        return await readLine("", nowhere);
      } finally {
        process.stderr.write("\n");
      }
    },
    readInput: () => text(process.stdin),
  };
}

async function readLine(question: string, output: NodeJS.WritableStream): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY === true });
  const closed = new Promise<undefined>((resolve) => lines.once("close", () => resolve(undefined)));
  try {
    const answer = await Promise.race([lines.question(clean(question)), closed]);
    return answer?.trim();
  } finally {
    lines.close();
  }
}

/** A question may quote a file, and a file may contain what moves the cursor. */
function clean(question: string): string {
  return stripVTControlCharacters(question).replaceAll(/(?!\n)\p{Cc}/gu, "");
}
