import { PartList } from "./PartList.ts";
import { scanSecret } from "./scanSecret.ts";
import { commandSubstitution, literalDollar, unclosedBrace, ValueProblem } from "./ValueProblem.ts";

export interface Scanner {
  readonly text: string;
  /** Offset of the next character. */
  at: number;
  readonly lineAt: (offset: number) => number;
}

/** Bounds recursion on hostile input; nobody writes this many defaults inside defaults. */
const deepest = 32;

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "\\": "\\",
  '"': '"',
  $: "$",
  "`": "`",
  "\n": "",
};

/** Reads from the opening quote to behind the closing one. */
export function scanSingleQuoted(scanner: Scanner, parts: PartList): void {
  const close = scanner.text.indexOf("'", scanner.at + 1);
  if (close === -1) throw unclosedQuote(scanner.at, "single");
  parts.text(scanner.text.slice(scanner.at + 1, close));
  scanner.at = close + 1;
}

/** Reads from the opening quote to behind the closing one. */
export function scanDoubleQuoted(scanner: Scanner, parts: PartList, depth = 0): void {
  const { text } = scanner;
  const opening = scanner.at;
  scanner.at += 1;
  for (;;) {
    const character = text[scanner.at];
    if (character === undefined) throw unclosedQuote(opening, "double");
    if (character === '"') break;
    if (character === "$") scanReference(scanner, parts, "quoted", depth);
    else if (character === "\\") scanEscape(scanner, parts);
    else if (character === "`") throw commandSubstitution(scanner.at);
    else {
      parts.text(character);
      scanner.at += 1;
    }
  }
  scanner.at += 1;
}

/** A backslash inside double quotes. `also` are further characters that it may stand before. */
function scanEscape(scanner: Scanner, parts: PartList, also = ""): void {
  const next = scanner.text[scanner.at + 1] ?? "";
  const meaning = Object.hasOwn(escapes, next) ? escapes[next] : next !== "" && also.includes(next) ? next : undefined;
  parts.text(meaning ?? "\\");
  scanner.at += meaning === undefined ? 1 : 2;
}

function unclosedQuote(at: number, kind: "single" | "double"): ValueProblem {
  return new ValueProblem(
    at,
    `the ${kind} quote is not closed`,
    "close it, or put a backslash before it if it is meant literally",
  );
}

/** Reads what a `$` begins: a reference, or the character itself. */
export function scanReference(scanner: Scanner, parts: PartList, context: "plain" | "quoted", depth = 0): void {
  const { text, at } = scanner;
  const next = text[at + 1];
  if (next === "(") throw commandSubstitution(at);
  if (next === "{") return scanBraces(scanner, parts, context, depth);
  const name = nameAt(text, at + 1);
  if (name === undefined) {
    parts.text("$");
    scanner.at += 1;
    return;
  }
  parts.add({ kind: "reference", name, line: scanner.lineAt(at) });
  scanner.at += 1 + name.length;
}

function scanBraces(scanner: Scanner, parts: PartList, context: "plain" | "quoted", depth: number): void {
  const { text, at } = scanner;
  const name = nameAt(text, at + 2);
  if (name === undefined) throw new ValueProblem(at, "there is no variable name after ${", literalDollar);
  const line = scanner.lineAt(at);
  const behind = at + 2 + name.length;
  if (text[behind] === "}") {
    scanner.at = behind + 1;
    return parts.add({ kind: "reference", name, line });
  }
  const operator = text.slice(behind, behind + 2);
  if (name === "secret" && /^:[^-?]/.test(operator)) return parts.add(scanSecret(scanner, behind + 1, context));
  if (operator !== ":-" && operator !== ":?") {
    throw text[behind] === undefined || text[behind] === "\n"
      ? unclosedBrace(at)
      : new ValueProblem(at, "only ${NAME}, ${NAME:-DEFAULT} and ${NAME:?MESSAGE} are understood", literalDollar);
  }
  if (depth >= deepest)
    throw new ValueProblem(at, "defaults are nested too deeply", "give the inner ones a variable of their own");
  scanner.at = behind + 2;
  const inner = new PartList();
  while (text[scanner.at] !== "}") scanInside(scanner, inner, context, depth + 1, at);
  const source = text.slice(behind + 2, scanner.at);
  scanner.at += 1;
  parts.add({
    kind: "reference",
    name,
    line,
    ...(operator === ":-" ? { fallback: inner.finish() } : { demand: source }),
  });
}

function scanInside(
  scanner: Scanner,
  parts: PartList,
  context: "plain" | "quoted",
  depth: number,
  opening: number,
): void {
  const character = scanner.text[scanner.at];
  const quoted = context === "quoted";
  if (character === undefined || (character === "\n" && !quoted) || (character === '"' && quoted))
    throw unclosedBrace(opening);
  if (character === "$") return scanReference(scanner, parts, context, depth);
  if (character === "`") throw commandSubstitution(scanner.at);
  if (character === "\\" && quoted) return scanEscape(scanner, parts, "}");
  if (character === '"') return scanDoubleQuoted(scanner, parts, depth);
  if (character === "'" && !quoted) return scanSingleQuoted(scanner, parts);
  const next = scanner.text[scanner.at + 1];
  const escapes = character === "\\" && next !== undefined && "$\\\"'`}# \t".includes(next);
  parts.text(escapes ? next : character);
  scanner.at += escapes ? 2 : 1;
}

function nameAt(text: string, at: number): string | undefined {
  const pattern = /[A-Za-z_][A-Za-z0-9_]*/y;
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
