import type { Host } from "../host/Host.ts";

export type { Host };

/**
 * A simulation of the API that a provider's plugin talks to: `rehearsal.ts` exports one of these as `default`.
 * It imports types only; everything that it uses comes in through the kit.
 */
export interface Rehearsal {
  /**
   * What the plugin gets in a rehearsal besides the endpoint that the manifest names: sample credentials of a chain
   * that is no setting, switches. Nothing of the user's own chain reaches the plugin then.
   */
  environment?: Readonly<Record<string, string>>;
  /** What this simulation cannot do, each with the reason: machines that boot (`--boot`), keeping what exists (`--data`). */
  lacks?: { boot?: string; data?: string };
  /** Called once, before the first request. */
  simulate(kit: RehearsalKit): Simulation | Promise<Simulation>;
}

/** One API, ready to answer. Bodies are JSON unless a reply says otherwise. */
export interface Simulation {
  /** The supported slice of the API. A request that fits none is answered by `error("unsupported")`. */
  routes: readonly Route[];
  /** Where this API takes `/servers/` for `/servers`. */
  ignoresLastSlash?: boolean;
  /** Called before anything else: the cloud's answer to a missing or malformed credential; undefined lets it pass. */
  authenticate?(request: ApiRequest): Reply | undefined;
  /** An error in the cloud's own format and with its own status. */
  error(kind: ErrorKind, request: ApiRequest): Reply;
  /**
   * What a request is called in the journal and in `--fault NAME@CALL`, and whether it makes a server, where the path
   * does not tell (one address for all calls). Default: the route's own.
   */
  describe?(request: ApiRequest): { name: string; creates?: "server" } | undefined;
  /** Servers that exist. */
  servers(): SimulatedServer[] | Promise<SimulatedServer[]>;
  /** Takes a server away, as if somebody had deleted it in the cloud's console. */
  removeServer(id: string): void | Promise<void>;
  /** Everything that exists and was made through the API, servers included: after a destroy nothing may be left. */
  resources(): SimulatedResource[] | Promise<SimulatedResource[]>;
  /** Ends what `simulate` started. */
  stop?(): Promise<void>;
}

export interface SimulatedServer {
  id: string;
  name: string;
  /** False while it is being made. */
  running: boolean;
  address?: string;
}

export interface SimulatedResource {
  /** As the cloud calls it, such as `firewall`. */
  kind: string;
  id: string;
  name: string;
}

export interface Route {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As the cloud's documentation writes it, from the first slash: `/v1/servers/:id`. A part `:name` takes one segment. */
  path: string;
  /** The call that makes a server: where faults strike unless another call is named. */
  creates?: "server";
  handle(request: ApiRequest): Reply | Promise<Reply>;
}

export interface ApiRequest {
  method: string;
  /** Path and query, as they came. */
  target: string;
  /** Without the query. */
  path: string;
  /** The parts of the path that a route names. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** As it arrived. */
  text: string;
  /** The parsed body: JSON, or the fields of a form; undefined where there is none or it is neither. */
  body: unknown;
  /** What the client reached us by, such as `http://127.0.0.1:8123`: for links in answers. */
  origin: string;
}

export interface Reply {
  status: number;
  /** An object is sent as JSON, text as it is; undefined sends nothing. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** `rate-limit` is sent with a Retry-After header by the kit. */
export type ErrorKind = "unsupported" | "rate-limit" | "server-error" | "out-of-stock";

export interface RehearsalKit {
  /** The provider's folder. */
  folder: string;
  /** A directory of this provider's own in the user's cache. */
  cache: string;
  host: Host;
  /** Milliseconds since 1970. */
  now(): number;
  /** Things of one kind, kept in order and, with `--data`, in that file. */
  collection<T extends { id: string | number }>(name: string): Collection<T>;
  /** The next number of this simulation, never given twice. */
  number(): number;
  /** A random UUID. */
  uuid(): string;
  /** How long asynchronous work takes, milliseconds. */
  actionMs: number;
  /** True where an asynchronous action that begins now has to fail (`--fault action-fails`); each fault strikes once. */
  actionFails(): boolean;
  /** What stands behind a server: an address of the documentation ranges or, with `--boot`, a machine that runs. */
  machines: Machines;
  /** Hands a request to an emulator at that address, such as `http://127.0.0.1:5000`, and gives its answer, both as they are. */
  forward(request: ApiRequest, origin: string): Promise<Reply>;
  /** One page of a list; pages are counted from 1. */
  page<T>(items: readonly T[], page: number, perPage: number): Page<T>;
  /** Of an address or a range such as 10.0.0.0/8; 0 where the text is neither. */
  addressVersion(text: string): 0 | 4 | 6;
  /** The MD5 of an SSH key in sixteen pairs of hexadecimal digits; undefined where the text is no public key. */
  keyFingerprint(publicKey: string): string | undefined;
}

export interface Collection<T> {
  all(): T[];
  get(id: string | number): T | undefined;
  find(test: (item: T) => boolean): T | undefined;
  /** Adds it, or replaces the one of the same id. */
  put(item: T): T;
  /** True where it was there. */
  remove(id: string | number): boolean;
}

export interface Page<T> {
  items: T[];
  page: number;
  perPage: number;
  /** Absent on the first and on the last page. */
  previous?: number;
  next?: number;
  last: number;
  total: number;
}

export interface Machines {
  /** Resolves when the machine has its address; with `--boot` it is then being started. */
  create(request: MachineRequest): Promise<{ ipv4: string; ipv6: string }>;
  /** One that is gone is fine. */
  remove(id: string): Promise<void>;
}

export interface MachineRequest {
  /** The server's id in the API. */
  id: string;
  name: string;
  /** MiB */
  memory: number;
  vcpus: number;
  /** GiB */
  disk: number;
  /** As text, decoded. */
  userData: string;
}
