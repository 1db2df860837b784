/** What every operation on one stack takes. */
export interface StackOptions {
  /** ENVIRONMENT/PROVIDER, as the user typed it. */
  stack: string;
  /** Go on without asking. */
  yes: boolean;
  /** `--set` values, unparsed. */
  set: readonly string[];
}
