/** One file of a provider folder that is looked at as a whole: to be hashed, or to be copied. */
export interface FolderFile {
  /** Relative to the folder, with slashes. */
  path: string;
  bytes: Uint8Array;
  executable: boolean;
}

/** What a folder holds, as it is recorded. */
export interface FolderContent {
  /** Of all paths and hashes together: `sha256:HEX`. */
  hash: string;
  /** SHA-256 by path, in the order of the paths. */
  files: Readonly<Record<string, string>>;
}
