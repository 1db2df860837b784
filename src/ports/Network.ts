export interface Connection {
  /** What the other side sent first, at most 256 bytes; empty when it sent nothing in time. */
  banner: string;
}

export type ConnectionFailure = "refused" | "unreachable" | "timeout" | "closed";

export interface Network {
  /** Opens a TCP connection, waits for the first bytes, closes. */
  connect(host: string, port: number, timeoutMs: number): Promise<Connection | ConnectionFailure>;
  /** Sends a datagram and waits for the first answer. */
  exchange(host: string, port: number, message: Uint8Array, timeoutMs: number): Promise<Uint8Array | ConnectionFailure>;
  /** The certificate that a server shows for a name, trusted or not. */
  certificate(
    host: string,
    port: number,
    name: string,
    timeoutMs: number,
  ): Promise<ShownCertificate | ConnectionFailure>;
  /**
   * Downloads to `path`, continuing what is there already. Throws AppError `network.unreachable` or
   * `network.status`. `timeoutMs` bounds the wait for the first answer and every pause, not the whole.
   */
  download(url: string, path: string, options: DownloadOptions): Promise<void>;
  /** Any status is an answer; throws AppError `network.unreachable`. Redirects are not followed. */
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** Answers requests on the loopback address until it is closed. Port 0 stands for any that is free. */
  serve(port: number, answer: (request: ServedRequest) => Promise<ServedReply>): Promise<HttpServer>;
  /** A small text; throws as `download` does. */
  fetchText(url: string, timeoutMs: number): Promise<string>;
}

export interface ShownCertificate {
  /** Milliseconds since 1970. */
  validToMs: number;
  /** Why it is not trusted; undefined where it is. */
  distrust: string | undefined;
}

export interface HttpRequest {
  url: string;
  /** GET unless given. */
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** For the whole answer; 10 s unless given. */
  timeoutMs?: number;
}

export interface HttpAnswer {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  text: string;
}

export interface ServedRequest {
  method: string;
  /** Path and query, as they came. */
  target: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  text: string;
}

/** `reset`: the connection is cut without an answer. */
export type ServedReply = { status: number; headers: Readonly<Record<string, string>>; text: string } | "reset";

export interface HttpServer {
  port: number;
  /** Cuts what is still open. */
  close(): Promise<void>;
}

export interface DownloadOptions {
  timeoutMs: number;
  onProgress?: (done: number, total: number | undefined) => void;
  signal?: AbortSignal;
}
