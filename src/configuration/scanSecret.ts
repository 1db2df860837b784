import type { SecretPart, SecretSource } from "./EnvFile.ts";
import type { Scanner } from "./scanQuoted.ts";
import { splitWords } from "./splitWords.ts";
import { unclosedBrace, ValueProblem } from "./ValueProblem.ts";

/**
 * Reads the rest of `${secret:SCHEME:...}`; it ends at the matching `}` of the same line. Braces inside have to match or
 * stand in quotes. In a double-quoted value, what is inside can only have single quotes.
 * @param at where the scheme begins
 */
export function scanSecret(scanner: Scanner, at: number, context: "plain" | "quoted"): SecretPart {
  const { text } = scanner;
  const opening = scanner.at;
  const end = closingBrace(text, at, context);
  if (end === undefined) throw unclosedBrace(opening);
  if (typeof end === "object") {
    throw new ValueProblem(
      end.quote,
      "a quote inside ${secret:...} is not closed",
      context === "quoted" ? "close it; in a value in double quotes write single quotes here" : "close it",
    );
  }
  const [scheme = "", rest] = splitAtColon(text.slice(at, end));
  const source = sourceOf(scheme, rest, opening);
  scanner.at = end + 1;
  return { kind: "secret", source, line: scanner.lineAt(opening) };
}

function sourceOf(scheme: string, rest: string | undefined, at: number): SecretSource {
  if (rest === undefined || (scheme !== "file" && scheme !== "command")) {
    throw new ValueProblem(
      at,
      `\${secret:...} names ${rest === undefined ? "no place" : "an unknown place"} where the secret is kept`,
      "write ${secret:file:PATH} or ${secret:command:PROGRAM ARGUMENT ...}",
    );
  }
  const words = splitWords(rest);
  if (words === "reference") {
    throw new ValueProblem(
      at,
      "nothing is expanded inside ${secret:...}",
      "write the text itself; in single quotes ${ is literal",
    );
  }
  const [first, ...others] = words;
  if (first === undefined || first === "") {
    throw scheme === "file"
      ? new ValueProblem(at, "${secret:file:} names no file", "write ${secret:file:PATH}")
      : new ValueProblem(at, "${secret:command:} names no program", "write ${secret:command:PROGRAM ARGUMENT ...}");
  }
  if (scheme === "command") return { scheme, program: first, arguments: others };
  if (others.length > 0) {
    throw new ValueProblem(
      at,
      "${secret:file:...} names more than one file",
      "put a path with blanks in quotes: ${secret:file:'my secrets/token'}",
    );
  }
  return { scheme, path: first };
}

function splitAtColon(text: string): [string, string | undefined] {
  const colon = text.indexOf(":");
  return colon === -1 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** Offset of the `}`; undefined where there is none; the quote that hides it where that is not closed. */
function closingBrace(
  text: string,
  start: number,
  context: "plain" | "quoted",
): number | { quote: number } | undefined {
  let depth = 0;
  for (let at = start; ; at += 1) {
    const character = text[at];
    if (character === undefined || character === "\n" || (character === '"' && context === "quoted")) return undefined;
    if (character === "'" || character === '"') {
      const close = text.indexOf(character, at + 1);
      const lineEnd = text.indexOf("\n", at);
      if (close === -1 || (lineEnd !== -1 && lineEnd < close)) return { quote: at };
      at = close;
    } else if (character === "{") depth += 1;
    else if (character === "}") {
      if (depth === 0) return at;
      depth -= 1;
    } else if (character !== "\t" && (character < " " || character === "\x7F")) {
      throw new ValueProblem(at, "there is an invisible control character", "remove it");
    }
  }
}
