import type { AppError } from "../errors.ts";
import type { Event } from "../events/Event.ts";

/** What a reporter writes to: standard output, standard error, or a test's collection. */
export interface Writer {
  write(text: string): unknown;
  isTTY?: boolean;
  /** Width of the terminal, asked again at each redraw. */
  columns?: number;
}

/** The one result of a command that did what it was asked to. */
export interface CommandResult {
  command: string;
  /** Whether what was asked for is so; a check that finds something did its work and is not. */
  ok: boolean;
  /** For `--json`; plain data. */
  data: object;
  /** For people; nothing is printed where it is empty. */
  text: string;
  /** The command's exit status, which may tell more than success. */
  exit: number;
}

/** Turns the facts of one command into output. Nothing else prints. */
export interface Reporter {
  emit(event: Event): void;
  result(result: CommandResult): void;
  error(error: AppError): void;
  /** Leaves the terminal as it was; nothing may be reported afterwards. */
  close(): void;
}

export interface ReporterOptions {
  stdout: Writer;
  stderr: Writer;
  /** Also show what child processes print. */
  verbose: boolean;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Of this process: TERM, NO_COLOR and the locale are read. */
  environment: Readonly<Record<string, string | undefined>>;
}
