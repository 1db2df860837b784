import type { Writer } from "./Reporter.ts";

export interface TerminalRegion {
  /** Writes lasting lines above the region and the region anew, in one go. Lines have no control characters of their own. */
  draw(lasting: readonly string[], region: readonly RegionLine[]): void;
}

/** A line whose text is cut to the terminal's width before it is dressed up. */
export interface RegionLine {
  lead: string;
  text: string;
}

const eraseBelow = "\u001b[J";

/** The last lines of a terminal, drawn again and again in place. */
export function terminalRegion(out: Writer): TerminalRegion {
  let drawn: number[] = [];
  return {
    draw(lasting, region) {
      const width = Math.max(20, out.columns || 80);
      // After a resize the terminal has broken long lines anew.
      const rows = drawn.reduce((sum, length) => sum + Math.max(1, Math.ceil(length / width)), 0);
      const cut = region.map(({ lead, text }) => ({ lead, text: clip(text, width - 3) }));
      const home = rows > 0 ? `\u001b[${rows}A\r${eraseBelow}` : "";
      const text = [...lasting, ...cut.map((line) => `${line.lead} ${line.text}`)].map((line) => `${line}\n`).join("");
      drawn = cut.map((line) => line.text.length + 2);
      if (home + text !== "") out.write(home + text);
    },
  };
}

function clip(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join("")}…`;
}
