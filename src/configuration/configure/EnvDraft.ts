/** One file that is being configured: what it says now, and what it is to say. */
export interface EnvDraft {
  of: "environment" | "provider";
  /** Absolute. */
  path: string;
  /** Relative to the root. */
  file: string;
  /** Undefined where there is none yet. */
  before: string | undefined;
  /** What the template says. */
  template: string | undefined;
  text: string;
  /** Keys that the template gained. */
  added: readonly string[];
  /** Keys that were given a value. */
  changed: readonly string[];
  generated: readonly string[];
}

/** Whether there is anything to write: a provider whose settings all have defaults needs no file. */
export function isNeeded({ of, before, text }: EnvDraft): boolean {
  return of === "environment" || before !== undefined || /^[ \t]*[A-Za-z_]/m.test(text);
}
