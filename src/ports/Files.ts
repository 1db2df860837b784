export interface FileStatus {
  kind: "file" | "directory" | "link" | "other";
  size: number;
  /** Permission bits, such as 0o600. */
  mode: number;
  modifiedMs: number;
}

/** The file system. Paths are absolute. Reads of what is absent give undefined; everything else throws. */
export interface Files {
  read(path: string): Promise<string | undefined>;
  readBytes(path: string): Promise<Uint8Array | undefined>;
  /** The content in pieces; throws where there is no such file. */
  stream(path: string): AsyncIterable<Uint8Array>;
  /** Writes a temporary neighbour, fsyncs it and renames it: readers see the old text or the new one, never half. Mode defaults to 0600. */
  write(path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  /** The same, where nothing has that name yet: of several writers one wins and gets true, the others change nothing. */
  create(path: string, content: string | Uint8Array, mode?: number): Promise<boolean>;
  /** A new file of such pieces, fsynced; mode 0600. Throws where there is one. What was begun is removed when a piece throws. */
  writeStream(path: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  append(path: string, content: string, mode?: number): Promise<void>;
  /** Names in a directory, sorted; undefined when it is absent. */
  list(path: string): Promise<string[] | undefined>;
  /** Does not follow a link. */
  status(path: string): Promise<FileStatus | undefined>;
  exists(path: string): Promise<boolean>;
  /** Resolves every link; undefined when absent. */
  realPath(path: string): Promise<string | undefined>;
  /** With its parents. Mode defaults to 0700. */
  makeDirectory(path: string, mode?: number): Promise<void>;
  /** Replaces an existing link. */
  link(target: string, path: string): Promise<void>;
  copy(from: string, to: string): Promise<void>;
  /** Copies a tree; links are followed. */
  copyTree(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** A file or a whole tree; absent is fine. */
  remove(path: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  /** Bytes that this user may still write on the file system of `path`. */
  freeSpace(path: string): Promise<number>;
  /** A new empty directory, 0700, below the system's temporary directory. */
  temporaryDirectory(prefix: string): Promise<string>;
}
