/** Something of an old tree that the user has to know. Never shows a value that may be secret. */
export interface Note {
  /** `FILE:LINE` or `FILE`. */
  where: string;
  key?: string;
  /** Continues "WHERE KEY ". */
  message: string;
  hint?: string;
}

export interface FileStep {
  /**
   * `write`: a new file. `same`: done already. `keep`: old and new path are one; the file is left as it is.
   * `conflict`: another file stands there; it is left as it is. `leave`: nothing is made of the old file.
   */
  action: "write" | "same" | "keep" | "conflict" | "leave";
  /** Old files, as messages name them. */
  from: readonly string[];
  /** Relative to the new root. */
  to?: string;
  /** Why, where the action does not say it. */
  why?: string;
  notes: readonly Note[];
}

export interface PlannedFile extends FileStep {
  /** Absolute; with `content`, where it is written. */
  path?: string;
  content?: string;
}
