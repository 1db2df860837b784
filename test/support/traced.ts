import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { findSecret } from "./canary.ts";
import { isDeclared } from "./leaks.ts";
import { repository } from "./makeTree.ts";

export interface Traced {
  status: number | null;
  stdout: string;
  stderr: string;
  /** Where a secret was seen, at any time of the call: arguments, streams, files. */
  leaks: string[];
  /** Programs whose environment held a secret. */
  holders: string[];
  /** How many processes were started, so that nobody takes an empty trace for a clean one. */
  processes: number;
}

export interface TraceOptions {
  root: string;
  secrets: readonly string[];
  environment?: Record<string, string>;
  input?: string;
  /** Gets SIGINT once its output holds this. */
  interruptAt?: string;
}

/** `landfall ARGUMENT...` in a process of its own, with every program that it or its children start and all they write. */
export function traced(argv: readonly string[], options: TraceOptions): Promise<Traced> {
  return trace([process.execPath, join(repository, "src/main.ts"), ...argv], options);
}

/** The same for any program. */
export async function trace(command: readonly string[], options: TraceOptions): Promise<Traced> {
  const { root, secrets, environment = {}, input = "", interruptAt } = options;
  const directory = await mkdtemp(join(tmpdir(), "landfall-trace-"));
  const log = join(directory, "calls.secret");
  const calls = "execve,write,pwrite64,writev,pwritev";
  const child = spawn(
    "strace",
    [
      ...[
        "-D",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-v",
        "-y",
        "-s",
        "1000000",
        "-o",
        log,
        "-e",
        `trace=${calls}`,
        "-e",
        "signal=none",
      ],
      ...command,
    ],
    {
      env: {
        PATH: process.env["PATH"],
        HOME: root,
        TMPDIR: process.env["TMPDIR"],
        LANDFALL_ROOT: root,
        // Node would write past the calls that are watched.
        UV_USE_IO_URING: "0",
        ...environment,
      },
    },
  );
  const output = { stdout: "", stderr: "" };
  let interrupted = false;
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      if (interrupted || interruptAt === undefined || !output[name].includes(interruptAt)) return;
      interrupted = true;
      child.kill("SIGINT");
    });
  }
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const seen = await readTrace(log, secrets);
  await rm(directory, { recursive: true });
  for (const name of ["stdout", "stderr"] as const) {
    const found = findSecret(output[name], secrets);
    if (found !== undefined) seen.leaks.add(`${name} shows a secret: ${found}`);
  }
  return {
    status,
    ...output,
    leaks: [...seen.leaks].map((leak) => `${command.slice(1).join(" ")}: ${leak}`),
    holders: [...seen.holders].toSorted(),
    processes: seen.processes,
  };
}

async function readTrace(log: string, secrets: readonly string[]) {
  const leaks = new Set<string>();
  const holders = new Set<string>();
  let processes = 0;
  for await (const line of createInterface({ input: createReadStream(log, "latin1") })) {
    const [, call = "", rest = ""] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
    if (call === "execve") {
      const [, program = "", args = "", environment = ""] = /^"([^"]*)", (\[.*?\]), (\[.*\])/.exec(rest) ?? [];
      if (args === "") throw new Error(`a line of strace that is not understood: ${line.slice(0, 300)}`);
      // An unfinished line tells of another process before it tells how this went on.
      if (/ = -1 E\w+ \(.*\)$/.test(rest)) continue;
      processes += 1;
      const found = findSecret(args, secrets);
      if (found !== undefined) leaks.add(`arguments of ${program} show a secret: ${found}`);
      if (findSecret(environment, secrets) !== undefined) holders.add(basename(program));
    } else if (call.includes("write")) {
      const [, path = ""] = /^\d+<([^>]*)>/.exec(rest) ?? [];
      // What goes through a pipe or a connection arrives at a program; the streams of Landfall are looked at as a whole.
      if (!path.startsWith("/") || path.startsWith("/dev/") || isDeclared(path)) continue;
      const found = findSecret(rest, secrets);
      if (found !== undefined) leaks.add(`${path} gets a secret: ${found}`);
    }
  }
  return { leaks, holders, processes };
}
