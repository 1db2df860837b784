import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import type { Terminal } from "../ports/Terminal.ts";

export function realTerminal(): Terminal {
  return {
    // When it is asked for: touching standard input loads much of Node.
    get interactive() {
      return process.stderr.isTTY === true && process.stdin.isTTY === true;
    },
    async ask(question) {
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      const closed = new Promise<undefined>((resolve) => lines.once("close", () => resolve(undefined)));
      try {
        const answer = await Promise.race([lines.question(question), closed]);
        return answer?.trim();
      } finally {
        lines.close();
      }
    },
    readInput: () => text(process.stdin),
  };
}
