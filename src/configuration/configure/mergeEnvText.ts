import type { Names } from "../Names.ts";
import { quoteEnvValue } from "../quoteEnvValue.ts";
import { joinPieces, splitEnvText, type EntryPiece, type EnvPiece } from "./splitEnvText.ts";

type Spellings = Pick<Names, "canonical">;

export interface MergedText {
  text: string;
  /** Keys that came from the template, those that were wanted left out. */
  added: readonly string[];
}

/**
 * A file brought up to date with its template: all of its text stays as it is, and the settings that only the template
 * has come in behind the setting that stands before them there, with the comment above them. A setting that stands
 * behind a `#` counts as known to the user. `wanted` are settings to take out of the template although they stand
 * behind a `#` there. Neither text may have problems.
 */
export function mergeTemplate(
  current: string,
  template: string,
  wanted: ReadonlySet<string>,
  names: Spellings,
): MergedText {
  const pieces = splitEnvText(current);
  const eol = /\r?\n/.exec(current)?.[0] ?? "\n";
  const source = splitEnvText(template.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n"));
  const present = new Set<string>();
  for (const piece of pieces) {
    const name = piece.key === undefined ? commentedName(piece, names) : names.canonical(piece.key);
    if (name !== undefined) present.add(name);
  }
  const added: string[] = [];
  let before: string | undefined;
  for (const [index, piece] of source.entries()) {
    const commented = commentedName(piece, names);
    const key = piece.key ?? (commented !== undefined && wanted.has(commented) ? commented : undefined);
    if (key === undefined) continue;
    const canonical = names.canonical(key);
    if (!present.has(canonical)) {
      insertBehind(pieces, before, blockOf(source, index, pieces, eol), names);
      present.add(canonical);
      if (commented === undefined) added.push(key);
    }
    if (pieces.some((entry) => entry.key !== undefined && names.canonical(entry.key) === canonical)) before = canonical;
  }
  return { text: joinPieces(pieces), added };
}

/**
 * Gives one setting a literal value: in place where it stands, also behind a `#`, else at the end. Under whatever
 * spelling it stands there; the rest of its line stays.
 */
export function setEnvValue(text: string, key: string, value: string, names: Spellings): string {
  const pieces = splitEnvText(text);
  const eol = /\r?\n/.exec(text)?.[0] ?? "\n";
  const canonical = names.canonical(key);
  const entry = pieces.findIndex((piece) => piece.key !== undefined && names.canonical(piece.key) === canonical);
  const place = pieces[entry];
  if (place?.key !== undefined) {
    pieces[entry] = { text: replaceValue(place, value) };
    return joinPieces(pieces);
  }
  const line = pieces.findIndex((piece) => commentedName(piece, names) === canonical);
  const commented = pieces[line];
  if (commented !== undefined) {
    pieces[line] = { text: `${canonical}=${quoteEnvValue(value)}${/\r?\n$/.exec(commented.text)?.[0] ?? ""}` };
    return joinPieces(pieces);
  }
  const joined = joinPieces(pieces);
  const gap = joined === "" || joined.endsWith("\n") ? "" : eol;
  return `${joined}${gap}${canonical}=${quoteEnvValue(value)}${eol}`;
}

/** The text without the lines of one setting. */
export function removeEnvValue(text: string, key: string): string {
  return joinPieces(splitEnvText(text).filter((piece) => piece.key !== key));
}

function commentedName(piece: EnvPiece, names: Spellings): string | undefined {
  const spelling = piece.key === undefined ? piece.commented : undefined;
  return spelling === undefined ? undefined : names.canonical(spelling);
}

function replaceValue({ text, start, end }: EntryPiece, value: string): string {
  // An empty value may have a comment right behind it.
  const blank = start === end && text[end] === "#" ? " " : "";
  return `${text.slice(0, start)}${quoteEnvValue(value)}${blank}${text.slice(end)}`;
}

/** The lines that a setting brings along: a headline of its section that the file lacks, its comment, itself. */
function blockOf(source: readonly EnvPiece[], index: number, target: readonly EnvPiece[], eol: string): EnvPiece[] {
  const known = new Set(target.map(({ text }) => text.trimEnd()));
  let from = index;
  while (isComment(source[from - 1])) from -= 1;
  const comment = source.slice(from, index);
  const isKnown = comment.length > 0 && comment.every(({ text }) => known.has(text.trimEnd()));
  const headline = source
    .slice(0, from)
    .findLast((piece) => piece.key !== undefined || /^# --- .* -+$/.test(piece.text.trimEnd()));
  const blank = { text: "\n" };
  const lines: EnvPiece[] = [];
  if (headline !== undefined && headline.key === undefined && !known.has(headline.text.trimEnd())) {
    lines.push(blank, headline, blank);
  } else if (from > 0 && source[from - 1]?.text.trim() === "" && target.length > 0) {
    lines.push(blank);
  }
  const own = source[index] as EnvPiece;
  // What stands behind a # need not be readable: its value is given anyway.
  const entry = own.key === undefined ? { text: `${own.commented}=\n` } : own;
  return [...lines, ...(isKnown ? [] : comment), entry].map((piece) => ({ ...piece, text: withEol(piece.text, eol) }));
}

/** A line that explains; a setting behind a `#` is none. */
function isComment(piece: EnvPiece | undefined): boolean {
  return piece !== undefined && piece.key === undefined && piece.commented === undefined && /^[ \t]*#/.test(piece.text);
}

function insertBehind(pieces: EnvPiece[], before: string | undefined, block: EnvPiece[], names: Spellings): void {
  const found = pieces.findLastIndex((piece) => piece.key !== undefined && names.canonical(piece.key) === before);
  const at = before === undefined || found === -1 ? pieces.length : found + 1;
  const previous = pieces[at - 1];
  if (previous !== undefined && !previous.text.endsWith("\n")) {
    const eol = block.at(-1)?.text.endsWith("\r\n") === true ? "\r\n" : "\n";
    pieces[at - 1] = { ...previous, text: `${previous.text}${eol}` };
  }
  // Read again: an uncommented line has become an entry.
  pieces.splice(at, 0, ...splitEnvText(joinPieces(block)));
}

function withEol(text: string, eol: string): string {
  const line = text.endsWith("\n") ? text : `${text}\n`;
  return eol === "\n" ? line : line.replaceAll("\n", eol);
}
