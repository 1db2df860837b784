/** What is wrong with the text, and where. Quotes nothing of it, which may be secret. */
export class TfvarsError extends Error {
  readonly line: number;
  readonly hint: string;

  constructor(line: number, message: string, hint: string) {
    super(message);
    this.line = line;
    this.hint = hint;
  }
}

const escapes: Record<string, string> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };
const identifier = /[A-Za-z_][\w-]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;

/** A text with a position, and the words of the language at that position. */
export class TfvarsText {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get position(): number {
    return this.#at;
  }

  get ended(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Passes over blanks and comments, with `lines` over line ends too; gives whether there was a line end. */
  skip(lines: boolean): boolean {
    const pattern = lines
      ? /(?:[ \t\r\n]|(?:#|\/\/)[^\n]*|\/\*[^]*?\*\/)+/y
      : /(?:[ \t\r]|(?:#|\/\/)[^\n]*|\/\*[^]*?\*\/)+/y;
    return this.#match(pattern)?.[0].includes("\n") === true;
  }

  take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  identifier(): string | undefined {
    return this.#match(identifier)?.[0];
  }

  number(): number | undefined {
    const text = this.#match(number)?.[0];
    if (text === undefined) return undefined;
    const value = Number(text);
    if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return value;
    return this.fail("a number that is too large", "write it as text, in quotes");
  }

  /** A text in quotes, with escapes. */
  quoted(): string | undefined {
    if (!this.take('"')) return undefined;
    let value = "";
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined || character === "\n") {
        return this.fail(
          "a quote that is not closed on its line",
          'a " in a value has to be written \\", a line end \\n',
        );
      }
      if (this.take('"')) return value;
      if (this.take("\\")) value += this.#escape();
      else value += this.#literal();
    }
  }

  /** `<<END` or `<<-END`, up to the line that is END. */
  heredoc(): string | undefined {
    const opening = this.#match(/<<(-?)([A-Za-z_][\w-]*)[ \t\r]*\n/y);
    if (opening === undefined) return undefined;
    const [, flush, end = ""] = opening;
    const lines: string[] = [];
    for (;;) {
      if (this.ended)
        return this.fail(`a text that is not closed: no line is ${end}`, `write ${end} on a line of its own`);
      const rest = this.#text.indexOf("\n", this.#at);
      const stop = rest === -1 ? this.#text.length : rest;
      const raw = this.#text.slice(this.#at, stop).replace(/\r$/, "");
      if (raw.trim() === end) {
        // The line end belongs to what follows.
        this.#at = stop;
        break;
      }
      let line = "";
      while (this.#at < stop) line += this.#literal();
      lines.push(line.replace(/\r$/, ""));
      this.#at = stop + 1;
    }
    const indents = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
    const common = flush === "-" ? Math.min(...indents, Number.MAX_SAFE_INTEGER) : 0;
    return lines.map((line) => `${line.slice(common)}\n`).join("");
  }

  /** To the beginning of the next line that looks like an assignment, or to the end. */
  recover(): void {
    const next = /\n(?=[ \t]*[A-Za-z_][\w-]*[ \t]*=)/g;
    next.lastIndex = this.#at;
    const match = next.exec(this.#text);
    this.#at = match === null ? this.#text.length : match.index + 1;
  }

  fail(message: string, hint: string, position = this.#at): never {
    throw new TfvarsError(this.#text.slice(0, position).split("\n").length, message, hint);
  }

  /** One character that is not an escape. Templates would be evaluated by the engine, so they are no data. */
  #literal(): string {
    for (const sign of ["$", "%"]) {
      if (this.take(`${sign}${sign}{`)) return `${sign}{`;
      if (this.#text.startsWith(`${sign}{`, this.#at)) {
        this.fail(
          `${sign}{ begins a template, and variables are plain values`,
          `write ${sign}${sign}{ for these characters`,
        );
      }
    }
    const character = this.#text[this.#at] ?? "";
    this.#at += 1;
    return character;
  }

  #escape(): string {
    const code = this.#match(/u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})/y);
    const point = Number.parseInt(code?.[1] ?? code?.[2] ?? "", 16);
    if (point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff)) return String.fromCodePoint(point);
    const character = escapes[this.#text[this.#at] ?? ""];
    if (character === undefined || code !== undefined) {
      return this.fail("a backslash that begins no known escape", "a backslash in a value has to be written \\\\");
    }
    this.#at += 1;
    return character;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match;
  }
}
