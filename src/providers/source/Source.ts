/** Where a provider folder is taken from. */
export type Source = PathSource | GitSource | NpmSource;

export interface PathSource {
  kind: "path";
  /** As it was typed. */
  path: string;
}

export interface GitSource {
  kind: "git";
  /** Without the prefix `git+`. */
  url: string;
  /** A commit of 40 digits; anything else has to be refused with the commit that it stands for. */
  reference: string;
  subfolder?: string;
}

export interface NpmSource {
  kind: "npm";
  name: string;
  version: string;
  subfolder?: string;
}

export function sourceText(source: Source): string {
  const below = source.kind === "path" ? undefined : source.subfolder;
  switch (source.kind) {
    case "path":
      return source.path;
    case "git":
      return `git+${source.url}#${source.reference}${below === undefined ? "" : `:${below}`}`;
    case "npm":
      return `npm:${source.name}@${source.version}${below === undefined ? "" : `/${below}`}`;
  }
}
