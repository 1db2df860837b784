import type { Problem } from "../errors.ts";

/** A piece of a value, not expanded yet. */
export type Part = TextPart | ReferencePart | SecretPart;

export interface TextPart {
  kind: "text";
  text: string;
}

/** `${NAME}`, `$NAME`, `${NAME:-FALLBACK}` or `${NAME:?MESSAGE}`. */
export interface ReferencePart {
  kind: "reference";
  name: string;
  line: number;
  /** Used where the variable is unset or empty. */
  fallback?: readonly Part[];
  /** What to tell the user where the variable is unset or empty. */
  demand?: string;
}

/** `${secret:file:PATH}` or `${secret:command:PROGRAM ARGUMENT ...}`: text that stands elsewhere. */
export interface SecretPart {
  kind: "secret";
  source: SecretSource;
  line: number;
}

/** Where a secret is kept. Written out, it says nothing that is secret itself. */
export type SecretSource =
  | { scheme: "file"; path: string }
  | { scheme: "command"; program: string; arguments: readonly string[] };

export interface EnvEntry {
  key: string;
  line: number;
  /** Undefined where the value could not be read; a problem says why. */
  parts: readonly Part[] | undefined;
  /** Offsets of the value, quotes included, in `EnvFile.text`. */
  start: number;
  end: number;
}

/** What a `.env` or `.env.tpl` file says. */
export interface EnvFile {
  /** As it is named in messages: relative to the root. */
  file: string;
  /** Its text was encrypted on disk. */
  encrypted?: true;
  /** Without byte order mark, with LF line ends. */
  text: string;
  entries: readonly EnvEntry[];
  problems: readonly Problem[];
}
