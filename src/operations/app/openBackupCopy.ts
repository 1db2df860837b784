import { createHash } from "node:crypto";
import { basename, join, resolve } from "node:path";
import { backupManifestSchema, type BackupFile, type BackupManifest } from "../../application/BackupManifest.ts";
import { ageIdentity } from "../../configuration/ageIdentity.ts";
import { AppError, type Problem } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Ports } from "../../ports/Ports.ts";

/** A backup on this computer, as it is sent: decrypted, with the manifest that it has then. */
export interface BackupCopy {
  manifest: BackupManifest;
  /** Its files one after the other, decrypted on the way. What goes wrong is in `failure` too. */
  content(): AsyncIterable<Uint8Array>;
  failure(): unknown;
}

/**
 * Finds the backup in a directory: the one that it is, or the one in it with this id, or the newest in it; of several
 * stacks' backups, in that of this stack. Checks every checksum. Throws AppError `backup.noCopy`, `backup.badCopy`, `secrets.identity`, `secrets.program`.
 */
export async function openBackupCopy(
  given: { directory: string; stack: string; id: string | undefined; identity: string | undefined },
  ports: Pick<Ports, "files" | "processes" | "machine" | "emit">,
): Promise<BackupCopy> {
  const { files, processes, emit } = ports;
  const place = await findCopy(resolve(given.directory), given, ports);
  const manifest = await readManifest(place, ports);
  await checkFiles(place, manifest, ports);
  const encrypted = manifest.recipients.length > 0;
  const identity = encrypted ? await identityFor(given.identity, manifest.id, ports) : undefined;
  const sent = { ...manifest, recipients: [], files: manifest.files.map(decrypted) };
  const total = sent.files.reduce((sum, { size }) => sum + size, 0);
  let failure: unknown;
  return {
    manifest: sent,
    failure: () => failure,
    async *content() {
      let done = 0;
      try {
        for (const { name } of manifest.files) {
          for await (const piece of read(join(place, name))) {
            yield piece;
            done += piece.length;
            emit({
              type: "step.progress",
              step: "upload",
              title: "backup, sent to the server",
              done,
              total,
              unit: "bytes",
            });
          }
        }
      } catch (error) {
        failure = error;
        throw error;
      }
    },
  };

  function read(path: string): AsyncIterable<Uint8Array> {
    if (identity === undefined) return files.stream(path);
    return processes.stream({
      program: "age",
      arguments: ["--decrypt", "--identity", identity, path],
      ownSession: true,
    });
  }
}

function decrypted({ plain, ...file }: BackupFile): BackupFile {
  return plain === undefined ? file : { ...file, ...plain, name: file.name.replace(/\.age$/, "") };
}

async function findCopy(
  directory: string,
  { stack, id }: { stack: string; id: string | undefined },
  { files }: Pick<Ports, "files">,
): Promise<string> {
  const isBackup = async (path: string): Promise<boolean> => files.exists(join(path, "manifest.json"));
  if ((await isBackup(directory)) && (id === undefined || id === basename(directory))) return directory;
  for (const folder of [join(directory, stack), directory]) {
    const names = ((await files.list(folder)) ?? []).filter((name) => /^\d{8}T\d{6}Z$/.test(name));
    for (const name of names.reverse()) {
      if ((id === undefined || id === name) && (await isBackup(join(folder, name)))) return join(folder, name);
    }
  }
  const what = id === undefined ? "backup" : `backup ${id}`;
  throw new AppError("backup.noCopy", `${directory} holds no ${what} of ${stack}`, {
    hint: "name the directory that app backup STACK --copy DIR has filled; of another stack: DIR/ENVIRONMENT/PROVIDER",
    exit: exitCodes.usage,
  });
}

async function readManifest(place: string, { files }: Pick<Ports, "files">): Promise<BackupManifest> {
  const where = join(place, "manifest.json");
  let content: unknown;
  try {
    content = JSON.parse((await files.read(where)) ?? "");
  } catch {
    throw bad(place, [{ where, message: "it is no JSON" }]);
  }
  const parsed = backupManifestSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw bad(
    place,
    parsed.error.issues.map(({ path, message }) => ({ where, key: path.map(String).join("."), message })),
  );
}

async function checkFiles(place: string, manifest: BackupManifest, { files }: Pick<Ports, "files">): Promise<void> {
  const problems: Problem[] = [];
  for (const { name, size, sha256 } of manifest.files) {
    const where = join(place, name);
    const status = await files.status(where);
    if (status?.kind !== "file") problems.push({ where, message: "is missing" });
    else if (status.size !== size) problems.push({ where, message: `has ${status.size} bytes, not ${size}` });
    else {
      const hash = createHash("sha256");
      for await (const piece of files.stream(where)) hash.update(piece);
      if (hash.digest("hex") !== sha256) problems.push({ where, message: "has another content than was written" });
    }
  }
  if (problems.length > 0) throw bad(place, problems);
}

async function identityFor(
  given: string | undefined,
  id: string,
  ports: Pick<Ports, "files" | "processes" | "machine">,
): Promise<string> {
  if ((await ports.processes.which("age")) === undefined) {
    throw new AppError("secrets.program", `backup ${id} is encrypted with age, which is not on PATH`, {
      hint: "apt-get install age",
      exit: exitCodes.prerequisites,
    });
  }
  if (given === undefined) return ageIdentity(`backup ${id}`, ports);
  const path = resolve(given);
  if (await ports.files.exists(path)) return path;
  throw new AppError("secrets.identity", `there is no file ${path}`, {
    hint: "name the file that age-keygen made",
    exit: exitCodes.usage,
  });
}

function bad(place: string, problems: readonly Problem[]): AppError {
  return new AppError("backup.badCopy", `the backup in ${place} is damaged`, {
    hint: "choose another copy; nothing was sent to the server",
    exit: exitCodes.usage,
    problems,
  });
}
