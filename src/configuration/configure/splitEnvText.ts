import type { EnvEntry } from "../EnvFile.ts";
import { parseEnvFile } from "../parseEnvFile.ts";

/** A piece of a file with its line end: the pieces of a text put together are that text, byte for byte. */
export type EnvPiece = EntryPiece | OtherPiece;

/** One setting, all lines of its value. */
export interface EntryPiece {
  text: string;
  key: string;
  parts: EnvEntry["parts"];
  /** Where the value stands in `text`, quotes included. */
  start: number;
  end: number;
}

/** One line of anything else. */
export interface OtherPiece {
  text: string;
  key?: undefined;
  /** Where the line is a setting behind a `#`: its name. */
  commented?: string;
}

/** The pieces of a text that `parseEnvFile` reads without problems. */
export function splitEnvText(text: string): EnvPiece[] {
  const { entries, text: plain } = parseEnvFile(text, "");
  const original = originalOffsets(text);
  const pieces: EnvPiece[] = [];
  let at = 0;
  let entryAt = 0;
  for (let plainAt = 0; plainAt < plain.length;) {
    const lineEnd = endOfLine(plain, plainAt);
    const entry = entries[entryAt];
    const isEntry = entry !== undefined && entry.start <= lineEnd;
    const next = Math.min(plain.length, (isEntry ? endOfLine(plain, entry.end) : lineEnd) + 1);
    const to = offsetOf(next);
    const piece = text.slice(at, to);
    if (isEntry) {
      const { key, parts, start, end } = entry;
      pieces.push({ text: piece, key, parts, start: offsetOf(start) - at, end: offsetOf(end) - at });
      entryAt += 1;
    } else {
      const commented = commentedKey(plain.slice(plainAt, lineEnd));
      pieces.push({ text: piece, ...(commented === undefined ? {} : { commented }) });
    }
    at = to;
    plainAt = next;
  }
  if (pieces.length === 0 && text !== "") pieces.push({ text });
  return pieces;

  function offsetOf(plainOffset: number): number {
    return original[plainOffset] ?? text.length;
  }
}

export function joinPieces(pieces: readonly EnvPiece[]): string {
  return pieces.map(({ text }) => text).join("");
}

export function entriesOf(pieces: readonly EnvPiece[]): EntryPiece[] {
  return pieces.filter((piece): piece is EntryPiece => piece.key !== undefined);
}

/** `#KEY=...`; with a blank behind the `#` only what cannot be a sentence. */
function commentedKey(line: string): string | undefined {
  const match =
    /^[ \t]*#([A-Za-z_][A-Za-z0-9_]*)=/.exec(line) ??
    /^[ \t]*#[ \t]+(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=(?:[^\s'"]*|'[^']*'|"[^"]*")[ \t]*$/.exec(line);
  return match?.[1];
}

/** For each offset in the text that the parser uses, without byte order mark and with LF, the one in the file's own text. */
function originalOffsets(text: string): number[] {
  const offsets: number[] = [];
  for (let at = text.startsWith("\uFEFF") ? 1 : 0; at < text.length; at += 1) {
    offsets.push(at);
    if (text[at] === "\r" && text[at + 1] === "\n") at += 1;
  }
  return offsets;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}
