import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Files, FileStatus } from "../ports/Files.ts";

export const realFiles: Files = {
  async read(path) {
    return orUndefined(fs.readFile(path, "utf8"));
  },
  async readBytes(path) {
    return orUndefined(fs.readFile(path));
  },
  write: writeAtomically,
  async append(path, content, mode = 0o600) {
    await fs.appendFile(path, content, { mode });
  },
  async list(path) {
    const names = await orUndefined(fs.readdir(path));
    return names?.sort();
  },
  async status(path) {
    const stat = await orUndefined(fs.lstat(path));
    if (stat === undefined) return undefined;
    const kind: FileStatus["kind"] = stat.isSymbolicLink()
      ? "link"
      : stat.isDirectory()
        ? "directory"
        : stat.isFile()
          ? "file"
          : "other";
    return { kind, size: stat.size, mode: stat.mode & 0o7777, modifiedMs: stat.mtimeMs };
  },
  async exists(path) {
    return (await orUndefined(fs.stat(path))) !== undefined;
  },
  async realPath(path) {
    return orUndefined(fs.realpath(path));
  },
  async makeDirectory(path, mode = 0o700) {
    await fs.mkdir(path, { recursive: true, mode });
  },
  async link(target, path) {
    const current = await orUndefined(fs.lstat(path));
    if (current?.isSymbolicLink() === true && (await fs.readlink(path)) === target) return;
    const temporary = neighbour(path);
    await fs.symlink(target, temporary);
    try {
      await fs.rename(temporary, path);
    } catch (error) {
      await fs.rm(temporary, { force: true });
      throw error;
    }
  },
  async copy(from, to) {
    await fs.copyFile(from, to);
  },
  async copyTree(from, to) {
    await fs.cp(from, to, { recursive: true, dereference: true });
  },
  async rename(from, to) {
    await fs.rename(from, to);
  },
  async remove(path) {
    await fs.rm(path, { recursive: true, force: true });
  },
  async chmod(path, mode) {
    await fs.chmod(path, mode);
  },
  async freeSpace(path) {
    const system = await fs.statfs(path);
    return system.bavail * system.bsize;
  },
  async temporaryDirectory(prefix) {
    return fs.mkdtemp(join(tmpdir(), prefix));
  },
};

/** The directory is fsynced too, so that the new name survives a power cut. */
async function writeAtomically(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const temporary = neighbour(path);
  try {
    const handle = await fs.open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
    try {
      await handle.writeFile(content);
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(temporary, path);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
  const directory = await fs.open(dirname(path), constants.O_RDONLY);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function neighbour(path: string): string {
  return `${path}.${randomBytes(6).toString("hex")}.tmp`;
}

async function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
