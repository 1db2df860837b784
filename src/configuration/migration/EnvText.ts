import type { EnvEntry, EnvFile, Part } from "../EnvFile.ts";
import { parseEnvFile } from "../parseEnvFile.ts";
import { quoteEnvValue } from "../quoteEnvValue.ts";
import type { Note } from "./Migration.ts";

/** An old file on its way to a new one: edited line by line, so that comments and order stay. */
export class EnvText {
  readonly notes: Note[] = [];
  /** As it is named in messages. */
  readonly file: string;
  #parsed: EnvFile;

  /** Lines that cannot be read as data become comments; where a name is set twice the last one counts, as in a shell. */
  constructor(text: string, file: string) {
    this.file = file;
    this.#parsed = parseEnvFile(text, file);
    while (this.#parsed.problems.length > 0) this.#mend();
  }

  get entries(): readonly EnvEntry[] {
    return this.#parsed.entries;
  }

  get text(): string {
    return this.#parsed.text;
  }

  entry(key: string): EnvEntry | undefined {
    return this.entries.find((entry) => entry.key === key);
  }

  rename(key: string, to: string): void {
    const entry = this.entry(key);
    if (entry === undefined) return;
    this.#lines((lines) => {
      const index = entry.line - 1;
      lines[index] = (lines[index] ?? "").replace(/^(\s*(?:export\s+)?)[A-Za-z_][A-Za-z0-9_]*/, `$1${to}`);
    });
  }

  /** A comment without the value takes its place. */
  drop(key: string, why: string): void {
    const entry = this.entry(key);
    if (entry === undefined) return;
    const last = entry.line + (this.text.slice(entry.start, entry.end).match(/\n/g)?.length ?? 0);
    this.#lines((lines) => {
      for (let line = entry.line; line <= last; line += 1) lines[line - 1] = line === entry.line ? `# ${why}` : "#";
    });
  }

  replace(key: string, value: string): void {
    const entry = this.entry(key);
    if (entry === undefined) return;
    this.#parse(this.text.slice(0, entry.start) + quoteEnvValue(value) + this.text.slice(entry.end));
  }

  append(comment: string, values: readonly (readonly [key: string, value: string])[]): void {
    if (values.length === 0) return;
    const lines = values.map(([key, value]) => `${key}=${quoteEnvValue(value)}\n`);
    this.#parse(`${this.text.replace(/\n*$/, "\n")}\n# ${comment}\n${lines.join("")}`);
  }

  #mend(): void {
    const [problem] = this.#parsed.problems;
    if (problem === undefined) return;
    const at = Number(/:(\d+)$/.exec(problem.where ?? "")?.[1] ?? 1);
    const entry = problem.key === undefined ? undefined : this.entry(problem.key);
    if (entry?.parts !== undefined && entry.line < at) {
      this.notes.push({
        where: `${this.file}:${entry.line}`,
        key: entry.key,
        message: `has no effect: line ${at} sets it again`,
      });
      return this.drop(entry.key, `${entry.key} is left out: it is set again below.`);
    }
    // A value that could not be read ends with its first line.
    const line = entry !== undefined && entry.parts === undefined ? entry.line : at;
    this.notes.push({
      where: `${this.file}:${line}`,
      ...(problem.key === undefined ? {} : { key: problem.key }),
      message: `cannot be taken over: ${problem.message}`,
      ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    });
    this.#lines((lines) => (lines[line - 1] = `# NOT TAKEN OVER: ${(lines[line - 1] ?? "").trim()}`));
  }

  #lines(edit: (lines: string[]) => void): void {
    const lines = this.text.split("\n");
    edit(lines);
    this.#parse(lines.join("\n"));
  }

  #parse(text: string): void {
    this.#parsed = parseEnvFile(text, this.file);
  }
}

/** The text of a value that refers to no other; undefined for the rest. */
export function literal(parts: readonly Part[] | undefined): string | undefined {
  if (parts === undefined || parts.some(({ kind }) => kind !== "text")) return undefined;
  return parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
}
