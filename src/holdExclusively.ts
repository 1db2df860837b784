// A lock belongs to an open file, and the ports have none.
import { open } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "./errors.ts";
import { exitCodes } from "./exitCodes.ts";
import type { Outcome } from "./ports/Processes.ts";
import type { Ports } from "./ports/Ports.ts";

/** Milliseconds. */
const saidAfter = 2_000;

/**
 * Runs `work` while no other process of this user holds `name` in `directory`; waits for its turn. The kernel lock belongs
 * to our descriptor, which flock(1) inherits and locks: it is free again when we end, however that happens.
 * Throws AppError `lock.failed`, `lock.noProgram` or `run.interrupted`.
 */
export async function holdExclusively<T>(
  directory: string,
  name: string,
  work: () => Promise<T>,
  ports: Pick<Ports, "files" | "processes" | "clock" | "emit">,
): Promise<T> {
  await ports.files.makeDirectory(directory);
  const file = join(directory, `${name}.lock`);
  const handle = await open(file, "a", 0o600);
  try {
    const taking = ports.processes.run({ program: "flock", arguments: ["-x", "3"], inherit: [handle.fd] });
    const outcome = await saySlow(taking, name, ports);
    if (outcome.status !== 0) throw unlockable(file, outcome);
    return await work();
  } finally {
    await handle.close();
  }
}

async function saySlow(
  taking: Promise<Outcome>,
  name: string,
  { clock, emit }: Pick<Ports, "clock" | "emit">,
): Promise<Outcome> {
  const taken = new AbortController();
  const saying = clock.sleep(saidAfter, taken.signal).then(
    () =>
      emit({
        type: "notice",
        level: "info",
        code: "lock.waiting",
        message: `another Landfall on this computer is at the same work (${name}): waiting for it`,
      }),
    () => undefined,
  );
  try {
    return await taking;
  } finally {
    taken.abort();
    await saying;
  }
}

function unlockable(file: string, { status, signal, stderr }: Outcome): AppError {
  if (status === 127) {
    return new AppError("lock.noProgram", "the program flock is missing, which keeps two runs apart", {
      hint: "apt-get install util-linux",
      exit: exitCodes.prerequisites,
    });
  }
  // Ctrl-C reaches all that the terminal has started.
  if (signal !== null) {
    return new AppError("run.interrupted", "stopped, as asked, while another Landfall was at the same work", {
      hint: "run the same command again: it goes on from here",
    });
  }
  return new AppError("lock.failed", `${file} cannot be locked: ${stderr.trim()}`, {
    hint: "put the cache on a file system that has locks (LANDFALL_CACHE)",
  });
}
