export interface Connection {
  /** What the other side sent first, at most 256 bytes; empty when it sent nothing in time. */
  banner: string;
}

export type ConnectionFailure = "refused" | "unreachable" | "timeout" | "closed";

export interface Network {
  /** Opens a TCP connection, waits for the first bytes, closes. */
  connect(host: string, port: number, timeoutMs: number): Promise<Connection | ConnectionFailure>;
  /**
   * Downloads to `path`, continuing what is there already. Throws AppError `network.unreachable` or
   * `network.status`. `timeoutMs` bounds the wait for the first answer and every pause, not the whole.
   */
  download(url: string, path: string, options: DownloadOptions): Promise<void>;
  /** A small text; throws as `download` does. */
  fetchText(url: string, timeoutMs: number): Promise<string>;
}

export interface DownloadOptions {
  timeoutMs: number;
  onProgress?: (done: number, total: number | undefined) => void;
  signal?: AbortSignal;
}
