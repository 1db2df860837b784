import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";
import type { Host, RunOptions, RunResult } from "./Host.ts";

/** Where programs of the administrator are, which an ordinary user's PATH lacks. */
const administratorPath = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

export type Runner = Pick<Host, "run" | "runAsRoot" | "which">;

/** Runs programs, as this user or as root. */
export function createRunner(unattended: boolean, ports: Ports): Runner {
  const { machine, processes, files, emit } = ports;
  const path = [machine.environment["PATH"] ?? "", ...administratorPath].join(":");

  const run = async (program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> => {
    const outcome = await processes.run({
      program,
      arguments: args,
      environment: { ...defined(machine.environment), PATH: path, LC_ALL: "C.UTF-8", ...options.environment },
      ...(options.directory === undefined ? {} : { directory: options.directory }),
      ...(options.input === undefined ? {} : { input: options.input }),
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      ...(options.idleTimeoutMs === undefined ? {} : { idleTimeoutMs: options.idleTimeoutMs }),
      onOutput: (line) => {
        emit({ type: "child.output", source: program, line });
        options.onLine?.(line);
      },
    });
    return { status: outcome.status ?? 128, stdout: outcome.stdout, stderr: outcome.stderr };
  };

  const which = async (program: string): Promise<string | undefined> => {
    const found = await processes.which(program);
    if (found !== undefined) return found;
    for (const directory of administratorPath) {
      if (await files.exists(`${directory}/${program}`)) return `${directory}/${program}`;
    }
    return undefined;
  };

  return {
    run,
    which,
    async runAsRoot(program, args, options = {}) {
      if (machine.userId === 0) return run(program, args, options);
      await checkSudo();
      // sudo drops the environment: what the program needs is set by env(1).
      const variables = Object.entries(options.environment ?? {}).map(([name, value]) => `${name}=${value}`);
      return run("sudo", ["-n", "env", `PATH=${path}`, ...variables, program, ...args], options);
    },
  };

  async function checkSudo(): Promise<void> {
    if ((await processes.run({ program: "sudo", arguments: ["-n", "true"] })).status === 0) return;
    if (!unattended && (await processes.interactive({ program: "sudo", arguments: ["-v"] })) === 0) return;
    throw new AppError("host.noRoot", "this needs root, and sudo does not give it without a password here", {
      hint: "run sudo -v first, then the same command again",
      exit: exitCodes.prerequisites,
    });
  }
}

function defined(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
