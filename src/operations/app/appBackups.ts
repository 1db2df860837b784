import type { BackupManifest } from "../../application/BackupManifest.ts";
import { callAgent } from "../../remote/callAgent.ts";
import type { OperationContext } from "../OperationContext.ts";
import { reachStack } from "../reachStack.ts";
import { readAgent } from "./readAgent.ts";

export interface BackupSummary {
  id: string;
  created: string;
  /** USER@HOST, or timer@HOST. */
  by: string;
  application: string;
  release: string;
  /** Bytes. */
  size: number;
  encrypted: boolean;
  /** When it was last restored on trial. */
  verified: string | null;
}

export interface BackupAttempt {
  id: string;
  by: string;
  /** Null where it could not even begin. */
  began: string | null;
  ended: string | null;
  /** Why it made none. */
  problem: string | null;
}

export interface BackupTimer {
  /** As systemd's OnCalendar; null where none is wanted. */
  schedule: string | null;
  active: boolean;
  next: string | null;
}

export interface AppBackups {
  stack: string;
  /** Newest first. */
  backups: (BackupSummary & BackupManifest)[];
  last: BackupAttempt | null;
  timer: BackupTimer;
}

/** The backups that a server keeps, and how they come about. */
export async function appBackups(selector: string, context: OperationContext): Promise<AppBackups> {
  const { stack, target } = await reachStack(selector, context);
  const call = { target, stack: stack.name, agent: await readAgent(context), request: { command: "backups" } };
  return { stack: stack.name, ...(await callAgent<Omit<AppBackups, "stack">>(call, context.ports)) };
}
