import { dirname } from "node:path";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports/Ports.ts";

/** Holds the lock while the process $1 lives; `read` waits without a child that would hold it longer. */
const holdWhileAlive = 'echo held; exec 8<> <(:); while kill -0 "$1" 2>/dev/null; do read -rt 1 -u 8; done';

const saidAfterMs = 2_000;

/**
 * Runs `work` while no other Landfall on this computer runs work under the same lock file; waits for its turn.
 * A small process holds the kernel's lock and ends within a second of this one, however that ended.
 * Where there is no `flock` program the work runs unguarded.
 */
export async function exclusively<T>(lockFile: string, ports: Ports, work: () => Promise<T>): Promise<T> {
  const flock = await ports.processes.which("flock");
  if (flock === undefined) return work();
  await ports.files.makeDirectory(dirname(lockFile));
  const release = new AbortController();
  const { promise: held, resolve: hold } = Promise.withResolvers<"held">();
  const holder = ports.processes.run({
    program: flock,
    arguments: ["--no-fork", lockFile, "bash", "-c", holdWhileAlive, "landfall", String(ports.machine.pid)],
    ownSession: true,
    onOutput: (line) => {
      if (line === "held") hold("held");
    },
    interrupt: release.signal,
    interruptSignal: "SIGTERM",
  });
  const waiting = ports.clock.sleep(saidAfterMs, release.signal).then(
    () => "waiting" as const,
    () => "waiting" as const,
  );
  let first = await Promise.race([held, holder, waiting]);
  if (first === "waiting") {
    ports.emit({
      type: "notice",
      level: "info",
      code: "toolchain.waiting",
      message: "another Landfall on this computer is preparing the same thing: waiting for it",
    });
    first = await Promise.race([held, holder]);
  }
  if (first !== "held") {
    throw new AppError("toolchain.lock", `${lockFile} cannot be locked: ${first.stderr.trim()}`, {
      hint: "check that this directory can be written",
    });
  }
  try {
    return await work();
  } finally {
    release.abort();
    await holder;
  }
}
