import { exitCodes, type ExitCode } from "./exitCodes.ts";

/** One thing that is wrong, at one place. A report of several is one AppError with `problems`. */
export interface Problem {
  /** What is wrong and why, as one sentence. */
  message: string;
  /** `FILE:LINE` or `FILE`, where the user can mend it. */
  where?: string;
  /** The name of the setting or argument concerned. */
  key?: string;
  /** What to do. */
  hint?: string;
  /** The rule of the provider contract that this breaks. */
  rule?: string;
}

interface AppErrorOptions {
  /** What to do next. Every error has one. */
  hint: string;
  exit?: ExitCode;
  problems?: readonly Problem[];
  cause?: unknown;
}

/**
 * An error that the user can do something about. Anything else that is thrown is a bug (exit 70).
 * `code` is stable and dotted, `feature.situation`, for scripts and tests; the sentence is for people.
 */
export class AppError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly exit: ExitCode;
  readonly problems: readonly Problem[];

  constructor(code: string, sentence: string, options: AppErrorOptions) {
    super(sentence, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.hint = options.hint;
    this.exit = options.exit ?? exitCodes.failed;
    this.problems = options.problems ?? [];
  }
}
