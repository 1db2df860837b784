import { callAgent } from "../../remote/callAgent.ts";
import type { OperationContext } from "../OperationContext.ts";
import { reachStack } from "../reachStack.ts";
import type { BackupAttempt, BackupSummary, BackupTimer } from "./appBackups.ts";
import { readAgent } from "./readAgent.ts";

export interface AppStatus {
  stack: string;
  application: string | null;
  title: string | null;
  release: ReleaseSummary | null;
  services: ServiceStatus[];
  /** How many releases are kept on the server. */
  releases: number;
  /** What is being changed, or was left half done. */
  change: Change | null;
  /** Bytes. */
  disk: { free: number; total: number };
  /** The newest. */
  backup: BackupSummary | null;
  last_backup: BackupAttempt | null;
  /** What `app health` says of the backups; null where the application declares nothing to back up. */
  backup_health: { outcome: "good" | "warning" | "bad"; message: string } | null;
  timer: BackupTimer;
}

export interface ReleaseSummary {
  id: string;
  created: string;
  /** USER@HOST */
  by: string;
}

export interface ServiceStatus {
  service: string;
  state: string;
  health: string | null;
  image: string;
  exit: number | null;
  since: string;
}

export interface Change {
  command: string;
  holder: { user: string; host: string } | null;
  since: string;
  step: string;
  release: string | null;
  at_work: boolean;
  /** Seconds. */
  lease: number;
}

/** What of the application runs on a stack's server. */
export async function appStatus(selector: string, context: OperationContext): Promise<AppStatus> {
  const { stack, target } = await reachStack(selector, context);
  const call = { target, stack: stack.name, agent: await readAgent(context), request: { command: "status" } };
  return { stack: stack.name, ...(await callAgent<Omit<AppStatus, "stack">>(call, context.ports)) };
}
