/** Ends the reading of one value; `parseEnvFile` turns it into a problem with a line. */
export class ValueProblem extends Error {
  readonly hint: string;
  /** Offset in the text. */
  readonly at: number;

  constructor(at: number, message: string, hint: string) {
    super(message);
    this.at = at;
    this.hint = hint;
  }
}

export const literalDollar = "for a literal $ use single quotes or write \\$";

export function unclosedBrace(at: number): ValueProblem {
  return new ValueProblem(at, "${ is not closed by }", `close it in the same line; ${literalDollar}`);
}

/** The refusal of `$(...)` and backquotes. */
export function commandSubstitution(at: number): ValueProblem {
  return new ValueProblem(
    at,
    "command substitution is not done: these files are data and nothing in them is run",
    "write the value itself; in single quotes, or with a backslash before it, the character is literal",
  );
}
