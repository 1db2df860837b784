/** The names of variables: which spellings mean the same one, which are secret, which do not concern this stack. */
export interface Names {
  /** The present name for any spelling. */
  canonical(spelling: string): string;
  /** The present name, then the older ones. */
  spellings(canonical: string): readonly string[];
  /** Present names of the provider's settings. */
  settings: readonly string[];
  /** Present names of the application's settings. */
  ofApplication: readonly string[];
  secret(canonical: string): boolean;
  /** True for settings of other providers. */
  ignored(canonical: string): boolean;
}
