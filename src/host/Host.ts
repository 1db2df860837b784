import type { HttpAnswer, HttpRequest } from "../ports/Network.ts";

/** This computer, as provider code sees it: no other way to files, processes or the network. */
export interface Host {
  system: HostSystem;
  run(program: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** As `run`, as root: directly, or through sudo without a password prompt in the way of progress lines. */
  runAsRoot(program: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** The absolute path of a program, also below /usr/sbin; undefined when there is none. */
  which(program: string): Promise<string | undefined>;
  files: HostFiles;
  packages: Packages;
  services: Services;
  /**
   * One HTTP request, redirects not followed; where there were too many (429) it waits as the answer says and asks again,
   * and a GET whose answer was lost it asks again.
   * Any other status is an answer; throws AppError `network.unreachable` where there is none.
   */
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** Downloads with resume, checks the checksum, and moves into place only what is right. */
  download(request: DownloadRequest): Promise<void>;
  /** Where the image of this request is, or would be: the name changes with the recipe. */
  debianImage(request: ImageRequest): DebianImage;
  /** Builds that bootable cloud image of Debian from its packages; removes what older recipes left. */
  buildDebianImage(request: ImageRequest): Promise<void>;
  /** Runs `work` while progress is shown under `title`; steps may run side by side. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
  /** Tells the user of a choice that was made, or of something odd. */
  notice(level: "info" | "warning", code: string, message: string, hint?: string): void;
  /** An error that tells the user what to do next. */
  error(code: string, sentence: string, hint: string): Error;
  /** Runs `work` while no other process on this computer holds `name`. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
  sleep(ms: number): Promise<void>;
}

export interface HostSystem {
  hostname: string;
  user: string;
  userId: number;
  home: string;
  architecture: "amd64" | "arm64";
  processors: number;
  /** ID of os-release, such as `debian`; empty when unknown. */
  distribution: string;
  /** VERSION_CODENAME of os-release. */
  release: string;
  /** True where PID 1 is systemd. */
  systemd: boolean;
  environment: Readonly<Record<string, string | undefined>>;
}

export interface RunOptions {
  directory?: string;
  input?: string;
  environment?: Readonly<Record<string, string>>;
  timeoutMs?: number;
  idleTimeoutMs?: number;
  /** Called for each line of both streams. */
  onLine?: (line: string) => void;
}

export interface RunResult {
  status: number;
  stdout: string;
  stderr: string;
}

export interface HostFiles {
  read(path: string): Promise<string | undefined>;
  write(path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  exists(path: string): Promise<boolean>;
  list(path: string): Promise<string[] | undefined>;
  makeDirectory(path: string, mode?: number): Promise<void>;
  remove(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  status(path: string): Promise<{ kind: string; size: number; mode: number; modifiedMs: number } | undefined>;
  freeSpace(path: string): Promise<number>;
}

export interface Packages {
  /** True where packages can be installed here (Debian, Ubuntu). */
  supported: boolean;
  /** Those of `names` that are not installed. */
  missing(names: readonly string[]): Promise<string[]>;
  /** Installs them in one go; waits for another package manager that is at work. */
  install(names: readonly string[]): Promise<void>;
}

export interface Services {
  /** Starts and enables a unit of systemd. */
  start(unit: string): Promise<void>;
  active(unit: string): Promise<boolean>;
  /** Starts a daemon that puts itself in the background, where there is no systemd. */
  daemon(program: string, args: readonly string[], options?: { hideDevices?: readonly string[] }): Promise<void>;
}

export type { HttpAnswer, HttpRequest } from "../ports/Network.ts";

export interface DownloadRequest {
  url: string;
  path: string;
  /** `sha256:HEX`, or the URL of a SHA256SUMS file that names the download. */
  checksum?: string;
  /** How long to wait for the first answer; default 10 s. */
  connectTimeoutMs?: number;
}

export interface ImageRequest {
  /** Codename or number: `13` and `trixie` are the same. */
  release: string;
  /** Directory for images. */
  folder: string;
  /** Packages beyond those that booting and cloud-init need. */
  packages: readonly string[];
}

/** An image without a boot loader, and what starts it. */
export interface DebianImage {
  /** Such as `debian-13-5f3a09c1`. */
  name: string;
  path: string;
  kernelPath: string;
  initrdPath: string;
}
