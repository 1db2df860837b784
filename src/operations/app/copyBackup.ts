import { createHash } from "node:crypto";
import { join } from "node:path";
import { backupManifestSchema, type BackupFile, type BackupManifest } from "../../application/BackupManifest.ts";
import { AppError } from "../../errors.ts";
import { agentLine } from "../../remote/agentLine.ts";
import { sshArguments } from "../../remote/sshArguments.ts";
import type { SshTarget } from "../../remote/SshTarget.ts";
import type { OperationContext } from "../OperationContext.ts";

/**
 * Brings a backup from the server to a directory of this computer, where it is whole or not at all; gives its own
 * directory. What is there already is left as it is. Throws AppError `backup.copy`.
 */
export async function copyBackup(
  { target, manifest, directory }: { target: SshTarget; manifest: BackupManifest; directory: string },
  { ports }: OperationContext,
): Promise<string> {
  const { files, emit, clock } = ports;
  // It comes from the server, and its names become files of this computer.
  if (!backupManifestSchema.safeParse(manifest).success) {
    throw new AppError("backup.copy", "the server's manifest of the backup is none", { hint: "look at the server" });
  }
  const place = join(directory, manifest.id);
  if (await files.exists(join(place, "manifest.json"))) return place;
  const partial = `${place}.partial`;
  const began = clock.now();
  const step = { step: "copy", title: `copy of backup ${manifest.id}` };
  emit({ type: "step.started", ...step });
  await files.remove(partial);
  await files.makeDirectory(partial);
  try {
    for (const file of manifest.files) await fetch(file);
    await files.write(join(partial, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    await files.rename(partial, place);
  } catch (error) {
    await files.remove(partial).catch(() => undefined);
    throw new AppError("backup.copy", `backup ${manifest.id} is on the server, and could not be copied to ${place}`, {
      hint: "look at the space there, then make another one with --copy",
      problems: [{ message: error instanceof Error ? error.message : String(error) }],
      cause: error,
    });
  }
  emit({ type: "step.finished", ...step, durationMs: clock.now() - began });
  return place;

  async function fetch({ name, size, sha256 }: BackupFile): Promise<void> {
    const hash = createHash("sha256");
    const command = agentLine(["send", manifest.id, name]);
    const content = ports.processes.stream({
      program: "ssh",
      arguments: sshArguments(target, [command], { batch: true, connectTimeoutSeconds: 15 }),
      ownSession: true,
    });
    await files.writeStream(join(partial, name), watched(content));
    if (hash.digest("hex") !== sha256) throw new Error(`${name} arrived with another content than the server has`);

    async function* watched(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      let done = 0;
      for await (const piece of pieces) {
        hash.update(piece);
        done += piece.length;
        emit({ type: "step.progress", ...step, done, total: size, unit: "bytes" });
        yield piece;
      }
    }
  }
}
