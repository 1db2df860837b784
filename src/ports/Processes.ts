export interface Command {
  program: string;
  arguments: readonly string[];
  directory?: string;
  /** The whole environment of the child when given; else that of this process. Secrets travel here, never in `arguments`. */
  environment?: Readonly<Record<string, string>>;
  /** What the child reads; pieces of a stream are asked for as the child takes them, and no more once it has ended. */
  input?: string | AsyncIterable<Uint8Array>;
  /** Ends the child when nothing was written for this long. */
  idleTimeoutMs?: number;
  timeoutMs?: number;
  /** Called for each complete line, with its line end removed. */
  onOutput?: (line: string, stream: "stdout" | "stderr") => void;
  /** A session of its own: signals of the terminal do not reach it. What is left of it when the child has ended is ended. */
  ownSession?: boolean;
  /** File descriptors that the child inherits from 3 on, such as a held lock. */
  inherit?: readonly number[];
  /** When it fires, `signal` is sent once to the child. */
  interrupt?: AbortSignal;
  interruptSignal?: NodeJS.Signals;
}

export interface Outcome {
  /** Exit status; null when a signal ended it. */
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** Why we ended it, if we did. */
  ended?: "idle" | "timeout";
  durationMs: number;
}

export interface Holder {
  pid: number;
  /** What led its session has ended: nobody waits for what it does. */
  orphaned: boolean;
}

/** Child processes. A program that cannot be found gives status 127. */
export interface Processes {
  run(command: Command): Promise<Outcome>;
  /** The child's standard output as it comes, however long it is. Throws once it has ended with another status than 0. */
  stream(command: Pick<Command, "program" | "arguments" | "environment" | "ownSession">): AsyncIterable<Uint8Array>;
  /** Gives the terminal to the child: for ssh. Resolves to its exit status. */
  interactive(command: Command): Promise<number>;
  /** Processes of this user that have the file open; none where the system does not tell (/proc). */
  holding(path: string): Promise<Holder[]>;
  /** Ends a process at once. One that is gone is fine. */
  kill(pid: number): void;
  /** The absolute path of a program on PATH, or undefined. */
  which(program: string): Promise<string | undefined>;
}
