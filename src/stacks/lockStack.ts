// A lock belongs to an open file, and the ports have none: this is the one file outside of src/system that opens one.
// oxlint-disable no-restricted-imports
import { constants } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";
import type { Outcome } from "../ports/Processes.ts";
import { lockedBy, readHolder } from "./lockedBy.ts";
import type { StackPaths } from "./stackPaths.ts";

export interface StackLock {
  /** A child that inherits it holds the lock as well: an engine that outlives us keeps others out. */
  fd: number;
  release(): Promise<void>;
}

/** Who holds a stack. */
export interface LockHolder {
  command: string;
  pid: number;
  host: string;
  user: string;
  /** RFC 3339. */
  started: string;
}

/** Who has taken the lock writes its name at once. */
const writingMs = 200;

/** Any status that flock itself does not use. */
const takenStatus = 75;

/**
 * Takes the stack's lock, or throws AppError `stack.locked` or `stack.engineAtWork` that names the holder. It is a lock of the kernel: it ends
 * with the last process that holds it, however that process ends. The directory has to exist.
 */
export async function lockStack(
  paths: StackPaths,
  holder: LockHolder,
  ports: Pick<Ports, "processes" | "files" | "clock">,
): Promise<StackLock> {
  for (;;) {
    const handle = await hold(paths, holder, ports);
    if (handle !== undefined) return lockOf(handle);
  }
}

/** The open file with the lock on it; undefined where it was removed before it could be locked. */
async function hold(
  paths: StackPaths,
  holder: LockHolder,
  ports: Pick<Ports, "processes" | "files" | "clock">,
): Promise<FileHandle | undefined> {
  const isNew = !(await ports.files.exists(paths.runLock));
  const handle = await open(paths.runLock, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    await take(handle, paths, holder, ports);
    if (!(await isAt(paths.runLock, handle))) {
      await handle.close();
      return undefined;
    }
    if (isNew) await checkRemoved(paths, ports);
    await handle.truncate(0);
    await handle.write(`${JSON.stringify(holder)}\n`, 0);
    await handle.sync();
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A lock on a file that was removed keeps nobody out. */
async function isAt(path: string, handle: FileHandle): Promise<boolean> {
  const there = await stat(path, { bigint: true }).catch(() => undefined);
  const { dev, ino } = await handle.stat({ bigint: true });
  return there?.dev === dev && there.ino === ino;
}

function lockOf(handle: FileHandle): StackLock {
  let released = false;
  return {
    fd: handle.fd,
    async release() {
      if (released) return;
      released = true;
      await handle.truncate(0).catch(() => undefined);
      await handle.close();
    },
  };
}

/**
 * Whoever removes a stack's directory, as `git clean -fdx` does, takes the lock's file from a run that is at work. What still
 * holds it is never ended here: nothing says any more which process is the run.
 */
async function checkRemoved(
  { runLock, directory }: StackPaths,
  { files, processes }: Pick<Ports, "files" | "processes">,
): Promise<void> {
  // So the kernel names an open file that was removed; see proc_pid_fd(5).
  const [worker] = await processes.holding(`${(await files.realPath(runLock)) ?? runLock} (deleted)`);
  if (worker === undefined) return;
  // The next one has to see it as well.
  await files.remove(runLock);
  const sentence = `a run is at work whose directory was removed, ${directory}: process ${worker.pid}`;
  throw new AppError("stack.locked", sentence, {
    hint: `wait until it has ended, and run the same command again: it searches for what that has made; where it hangs: kill ${worker.pid}`,
    exit: exitCodes.locked,
  });
}

/** The lock belongs to the open file, which the child shares: it stays when the child has ended. */
async function take(
  handle: FileHandle,
  paths: StackPaths,
  holder: LockHolder,
  ports: Pick<Ports, "processes" | "files" | "clock">,
): Promise<void> {
  const attempt = (): Promise<Outcome> =>
    ports.processes.run({
      program: "flock",
      arguments: ["-n", "-x", "-E", String(takenStatus), "3"],
      inherit: [handle.fd],
    });
  let outcome = await attempt();
  if (outcome.status === takenStatus && (await endOrphans(paths, holder, ports))) outcome = await attempt();
  if (outcome.status === 0) return;
  if (outcome.status === takenStatus) throw await lockedBy(paths.runLock, holder, ports);
  if (outcome.status === 127) {
    throw new AppError("stack.noLockProgram", "the program flock is missing: stacks cannot be locked without it", {
      hint: "apt-get install util-linux",
      exit: exitCodes.prerequisites,
    });
  }
  throw new AppError("stack.lockFailed", `${paths.runLock} cannot be locked: ${outcome.stderr.trim()}`, {
    hint: "put the stacks on a file system that has locks",
  });
}

/**
 * An engine that was killed leaves its plugins behind, and they keep the lock for ever: nobody hears what they would
 * answer. They are ended where none but such processes hold it. True where there were any. The holder that the lock names
 * is at work, whatever became of the shell or terminal that started it.
 */
async function endOrphans(
  { runLock }: StackPaths,
  own: LockHolder,
  { processes, files, clock }: Pick<Ports, "processes" | "files" | "clock">,
): Promise<boolean> {
  const named = async (): Promise<number | undefined> => readHolder(await files.read(runLock))?.pid;
  const holders = (await processes.holding(runLock)).filter(({ pid }) => pid !== own.pid);
  if (holders.length === 0 || holders.some(({ orphaned }) => !orphaned)) return false;
  if ((await named()) === undefined) await clock.sleep(writingMs);
  const worker = await named();
  if (holders.some(({ pid }) => pid === worker)) return false;
  for (const { pid } of holders) processes.kill(pid);
  await clock.sleep(100);
  return true;
}
