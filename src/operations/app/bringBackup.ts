import { AppError } from "../../errors.ts";
import { callAgent } from "../../remote/callAgent.ts";
import type { OperationContext } from "../OperationContext.ts";
import type { ReachedStack } from "../reachStack.ts";
import type { AppBackups } from "./appBackups.ts";
import { changeServer } from "./changeServer.ts";
import { copyBackup } from "./copyBackup.ts";
import { openBackupCopy, type BackupCopy } from "./openBackupCopy.ts";
import { readAgent } from "./readAgent.ts";

export interface BackupSource {
  /** Its id; the newest, unless given. */
  backup: string | undefined;
  /** A directory of this computer that holds it; on the server, unless given. */
  from: string | undefined;
  /** The file of an age identity; the user's own, unless given. */
  identity: string | undefined;
}

/**
 * Lets the agent restore or verify a backup. One that is encrypted is decrypted on this computer, wherever it is: the
 * server never sees the key.
 */
export async function bringBackup<Answer>(
  request: { command: "restore" | "verify"; skip_health?: boolean },
  source: BackupSource,
  reached: ReachedStack,
  context: OperationContext,
): Promise<Answer> {
  const { ports } = context;
  const stack = reached.stack.name;
  const { backup: id, from: directory, identity } = source;
  if (directory !== undefined) return send(await openBackupCopy({ directory, stack, id, identity }, ports));
  const chosen = await encryptedOnServer();
  if (chosen === undefined)
    return changeServer<Answer>(reached, { ...request, backup: id ?? null }, undefined, context);
  const temporary = await ports.files.temporaryDirectory("landfall-backup-");
  try {
    // What is written here is still encrypted.
    await copyBackup({ target: reached.target, manifest: chosen, directory: temporary }, context);
    return await send(await openBackupCopy({ directory: temporary, stack, id: chosen.id, identity }, ports));
  } finally {
    await ports.files.remove(temporary);
  }

  async function send(copy: BackupCopy): Promise<Answer> {
    try {
      return await changeServer<Answer>(reached, { ...request, manifest: copy.manifest }, copy.content(), context);
    } catch (error) {
      const why = copy.failure();
      if (!(why instanceof Error)) throw error;
      throw new AppError("backup.decryption", `backup ${copy.manifest.id} cannot be read: ${why.message}`, {
        hint: "nothing was changed; is one of its recipients yours? (--identity FILE)",
        cause: why,
      });
    }
  }

  async function encryptedOnServer(): Promise<AppBackups["backups"][number] | undefined> {
    const { target } = reached;
    const call = {
      target,
      stack,
      agent: await readAgent(context),
      request: { command: "backups", own: id === undefined },
    };
    const { backups } = await callAgent<Pick<AppBackups, "backups">>(call, ports);
    const wanted = id === undefined ? backups[0] : backups.find((one) => one.id === id);
    return wanted?.encrypted === true ? wanted : undefined;
  }
}
