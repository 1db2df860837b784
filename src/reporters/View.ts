/** Something that is going on. */
export interface Activity {
  key: string;
  title: string;
  startedMs: number;
  budgetMs?: number;
  /** What is known now, such as "45 % (12 of 27 MB)". */
  detail?: string;
  /** Too ordinary to be told of when it ends. */
  quiet?: boolean;
}

/** What a text reporter knows of a run: the fold of its events. */
export interface View {
  /** Of the run under way, such as `apply`. */
  operation?: string;
  /** In the order in which they began. */
  active: readonly Activity[];
  /** Messages of the errors that were told already, as an error's problems repeat them. */
  told: readonly string[];
}

/** Something to tell, once. Later lines of a text are shown below the first. */
export interface Fact {
  tone: "info" | "good" | "bad" | "warning" | "dim";
  text: string;
}

export const emptyView: View = { active: [], told: [] };
