import type { EnvEntry, Part } from "./EnvFile.ts";
import { PartList } from "./PartList.ts";
import { scanDoubleQuoted, scanReference, scanSingleQuoted, type Scanner } from "./scanQuoted.ts";
import { commandSubstitution, ValueProblem } from "./ValueProblem.ts";

/**
 * Reads one value. Throws ValueProblem.
 *
 * - `'...'`: every character is itself, line ends too.
 * - `"..."`: references are expanded; `\n \r \t \\ \" \$` and an escaped backquote are escapes, a backslash before a line end
 *   joins the lines, any other backslash is itself.
 * - Quoted pieces and unquoted text that touch are one value, as in a shell: `'it'\''s'`.
 * - No quote at the beginning: the rest of the line without surrounding blanks, up to ` #`. References are expanded;
 *   `\` takes the meaning from `$ \ " ' # blank` and the backquote, and is itself elsewhere. Quotes further on are refused,
 *   since shells and other readers of such files disagree on them.
 * - `$` is itself where no name, `{` or `(` follows.
 */
export function parseValue(
  text: string,
  start: number,
  lineAt: (offset: number) => number,
): Pick<EnvEntry, "start" | "end"> & { parts: readonly Part[] } {
  const scanner: Scanner = { text, at: start, lineAt };
  while (isBlank(text[scanner.at])) scanner.at += 1;
  const first = text[scanner.at];
  const valueStart = scanner.at;
  if (first === "#" && scanner.at > start) return { parts: [], start: valueStart, end: valueStart };
  const parts = first === '"' || first === "'" ? scanPieces(scanner) : scanPlain(scanner);
  return { parts, start: valueStart, end: scanner.at };
}

function scanPlain(scanner: Scanner): readonly Part[] {
  const parts = new PartList();
  const { text } = scanner;
  let blanks = "";
  let end = scanner.at;
  for (;;) {
    const character = text[scanner.at];
    if (character === undefined || character === "\n") break;
    if (character === "#" && blanks !== "") break;
    if (isBlank(character)) {
      blanks += character;
      scanner.at += 1;
      continue;
    }
    parts.text(blanks);
    blanks = "";
    scanPlainCharacter(scanner, parts, character);
    end = scanner.at;
  }
  scanner.at = end;
  return parts.finish();
}

function scanPlainCharacter(scanner: Scanner, parts: PartList, character: string): void {
  const { text, at } = scanner;
  if (character === "$") return scanReference(scanner, parts, "plain");
  if (character === "`") throw commandSubstitution(at);
  if (character === '"' || character === "'") {
    throw new ValueProblem(
      at,
      "a quote stands inside a value that does not begin with one",
      "put the whole value in quotes, or a backslash before the quote",
    );
  }
  if (character === "\\") {
    const next = text[at + 1];
    if (next === undefined || next === "\n") {
      throw new ValueProblem(at, "the line ends in a backslash", "put a value of several lines in double quotes");
    }
    const escapes = "$\\\"'`# \t".includes(next);
    parts.text(escapes ? next : character);
    scanner.at += escapes ? 2 : 1;
    return;
  }
  if (character === "\r") {
    throw new ValueProblem(
      at,
      "there is a carriage return inside the line",
      "save the file with the line ends of Unix (LF)",
    );
  }
  if (character < " " || character === "\x7F") {
    throw new ValueProblem(at, "there is an invisible control character", "remove it, or put the value in quotes");
  }
  parts.text(character);
  scanner.at += 1;
}

function scanPieces(scanner: Scanner): readonly Part[] {
  const parts = new PartList();
  const { text } = scanner;
  const opening = scanner.at;
  for (;;) {
    const character = text[scanner.at];
    if (character === undefined || character === "\n" || isBlank(character)) break;
    if (character === "'") scanSingleQuoted(scanner, parts);
    else if (character === '"') scanDoubleQuoted(scanner, parts);
    else scanPlainCharacter(scanner, parts, character);
  }
  let after = scanner.at;
  while (isBlank(text[after])) after += 1;
  const next = text[after];
  if (next !== undefined && next !== "\n" && next !== "#") {
    const lines = [scanner.lineAt(opening), scanner.lineAt(scanner.at)];
    throw new ValueProblem(
      opening,
      lines[0] === lines[1]
        ? "there is text after the closing quote"
        : `there is text after the quote that closes in line ${lines[1]}; perhaps a quote is missing in line ${lines[0]}`,
      "put the whole value in one pair of quotes; a comment begins with #",
    );
  }
  return parts.finish();
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}
