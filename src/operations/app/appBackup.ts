import { join, resolve } from "node:path";
import type { BackupManifest } from "../../application/BackupManifest.ts";
import type { OperationContext } from "../OperationContext.ts";
import { reachStack } from "../reachStack.ts";
import { withRun } from "../withRun.ts";
import type { BackupSummary } from "./appBackups.ts";
import { changeServer } from "./changeServer.ts";
import { copyBackup } from "./copyBackup.ts";

export interface BackupOptions {
  selector: string;
  /** Where a copy is put on this computer, in a directory that is called as the stack and the backup. */
  copy: string | undefined;
}

export interface BackupResult {
  stack: string;
  run: string;
  backup: BackupSummary;
  /** The directory of the copy. */
  copy: string | null;
  durationMs: number;
}

/** Makes a backup on the server, while the application serves. */
export async function appBackup({ selector, copy }: BackupOptions, context: OperationContext): Promise<BackupResult> {
  const { clock } = context.ports;
  const began = clock.now();
  const reached = await reachStack(selector, context);
  const { stack, target } = reached;
  return withRun(reached, "backup", context, async (run) => {
    const made = await changeServer<{ backup: BackupSummary; manifest: BackupManifest }>(
      reached,
      { command: "backup" },
      undefined,
      run,
    );
    const place =
      copy === undefined
        ? null
        : await copyBackup({ target, manifest: made.manifest, directory: join(resolve(copy), stack.name) }, run);
    const durationMs = clock.now() - began;
    return { stack: stack.name, run: run.run.id, backup: made.backup, copy: place, durationMs };
  });
}
