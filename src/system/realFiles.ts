import { randomBytes } from "node:crypto";
import { constants, createReadStream, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Files, FileStatus } from "../ports/Files.ts";

/**
 * Small reads are done at once: a command makes hundreds of them, and handing each one to another thread takes ten times
 * as long as reading. What writes or may take long does not block.
 */
export const realFiles: Files = {
  async read(path) {
    return orUndefined(() => readFileSync(path, "utf8"));
  },
  async readBytes(path) {
    return orUndefined(() => readFileSync(path));
  },
  stream: (path) => createReadStream(path, { highWaterMark: 256 * 1024 }),
  async write(path, content, mode) {
    await writeAtomically(path, content, mode, fs.rename);
  },
  async create(path, content, mode) {
    try {
      await writeAtomically(path, content, mode, claim);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  },
  async writeStream(path, content) {
    const handle = await fs.open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      for await (const piece of content) await handle.writeFile(piece);
      await handle.sync();
    } catch (error) {
      await fs.rm(path, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
  },
  async append(path, content, mode = 0o600) {
    await fs.appendFile(path, content, { mode });
  },
  async list(path) {
    return orUndefined(() => readdirSync(path))?.sort();
  },
  async status(path) {
    const stat = orUndefined(() => lstatSync(path, { throwIfNoEntry: false }));
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
    return orUndefined(() => statSync(path, { throwIfNoEntry: false })) !== undefined;
  },
  async realPath(path) {
    return orUndefined(() => realpathSync(path));
  },
  async makeDirectory(path, mode = 0o700) {
    await fs.mkdir(path, { recursive: true, mode });
  },
  async link(target, path) {
    const current = orUndefined(() => lstatSync(path, { throwIfNoEntry: false }));
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
async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  mode = 0o600,
  putInPlace: (temporary: string, path: string) => Promise<void>,
): Promise<void> {
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
    await putInPlace(temporary, path);
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

/** A name is given to a file by one process only; a rename would take it from whoever has it. */
async function claim(temporary: string, path: string): Promise<void> {
  try {
    await fs.link(temporary, path);
  } catch (error) {
    // Some file systems have no second names for a file.
    if (!["EPERM", "ENOTSUP", "ENOSYS"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    await fs.copyFile(temporary, path, constants.COPYFILE_EXCL);
  }
  await fs.rm(temporary);
}

function neighbour(path: string): string {
  return `${path}.${randomBytes(6).toString("hex")}.tmp`;
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
