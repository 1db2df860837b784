import type { Problem } from "../errors.ts";

/** What an application says of its configuration: a layer of its own, above what is built in. */
export interface DeclaredApplication {
  /** Relative to the project's root. */
  file: string;
  settings: Readonly<Record<string, { secret: boolean; default?: string; line?: number }>>;
  /** As OPEN_PORTS takes them. */
  openPorts: { text: string; line?: number } | undefined;
  /** Why it could not be read; everything else is empty then. */
  problems: readonly Problem[];
}
