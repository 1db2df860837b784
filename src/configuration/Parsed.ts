/** A typed value, or why the text is none. `message` continues "KEY " and may quote the text. */
export type Parsed<T> = { value: T } | { message: string; hint: string };

export type Parser<T> = (text: string) => Parsed<T>;

/** Text of a user inside a message: one line, not endless. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
