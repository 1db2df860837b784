import type { OperationContext } from "../OperationContext.ts";
import { reachStack } from "../reachStack.ts";
import { withRun } from "../withRun.ts";
import type { BackupSummary } from "./appBackups.ts";
import { bringBackup, type BackupSource } from "./bringBackup.ts";

export interface VerifyOptions extends BackupSource {
  selector: string;
}

interface Verified {
  backup: BackupSummary;
  /** Bytes of the dump in the backup, and of the one that the restored database makes; null where there is none. */
  dump: { content: number; again: number } | null;
}

export interface VerifyResult extends Verified {
  stack: string;
  run: string;
  durationMs: number;
}

/** Restores a backup beside the running application, looks whether it holds what it should, and removes all of it. */
export async function verifyBackup(
  { selector, ...source }: VerifyOptions,
  context: OperationContext,
): Promise<VerifyResult> {
  const { clock } = context.ports;
  const began = clock.now();
  const reached = await reachStack(selector, context);
  return withRun(reached, "verify", context, async (run) => {
    const verified = await bringBackup<Verified>({ command: "verify" }, source, reached, run);
    return { ...verified, stack: reached.stack.name, run: run.run.id, durationMs: clock.now() - began };
  });
}
