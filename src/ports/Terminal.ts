/** The person at the keyboard, if there is one. */
export interface Terminal {
  /** True when questions can be asked: standard input and standard error are terminals. */
  interactive: boolean;
  /** Asks on standard error and gives the line that was typed, trimmed; undefined at end of input. */
  ask(question: string): Promise<string | undefined>;
  /** The same, and what is typed is not shown. */
  askSecret(question: string): Promise<string | undefined>;
  /** Everything on standard input, until its end. */
  readInput(): Promise<string>;
}
