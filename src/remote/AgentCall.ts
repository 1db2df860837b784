import type { SshTarget } from "./SshTarget.ts";

/** One thing that the agent on a server is asked to do. */
export interface AgentCall {
  target: SshTarget;
  /** `ENVIRONMENT/PROVIDER`, for what errors say. */
  stack: string;
  /** From `agentPackage`. */
  agent: Uint8Array;
  /** What is asked; it may hold secrets, as it travels on standard input. */
  request: { command: string } & Record<string, unknown>;
  /** What follows the request. */
  body?: AsyncIterable<Uint8Array>;
  /** Whether the agent wants to know all the time that somebody waits, and undoes what it does where nobody does. */
  lease?: boolean;
  /** Ends the input: the agent undoes what it was doing, and says so. */
  interrupt?: AbortSignal;
  hear?: (event: AgentEvent) => void;
}

/** One line of what the agent says. */
export type AgentEvent =
  | { event: "hello"; protocol: number }
  | { event: "progress"; step: string; title: string; state: "started" | "finished" }
  | ({ event: "check" } & CheckReport)
  | { event: "log"; service: string; line: string }
  | { event: "notice"; code: string; message: string; hint?: string }
  | { event: "result"; answer: object }
  | AgentProblem;

/** How one health check went. */
export interface CheckReport {
  name: string;
  /** A warning fails nothing. */
  outcome: "good" | "warning" | "bad";
  message: string;
  from: "server" | "outside";
}

export interface AgentProblem {
  event: "problem";
  code: string;
  message: string;
  hint: string;
  checks?: CheckReport[];
  /** Last lines of services, without secrets. */
  logs?: { service: string; lines: string[] }[];
  problems?: string[];
}
