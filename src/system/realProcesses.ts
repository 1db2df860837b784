import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:fs";
import { access, readdir, readFile, readlink, realpath } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import type { Writable } from "node:stream";
import type { Command, Holder, Outcome, Processes } from "../ports/Processes.ts";
import { lineSplitter } from "./lineSplitter.ts";

/** How long a child's own children may be silent after it has ended, while they still have something to write. */
const pipesMs = 5000;

/** After the first signal a child has this long to end before it is killed. */
const graceMs = 30_000;

export const realProcesses: Processes = {
  run,
  stream,
  interactive,
  holding,
  kill(pid) {
    // To the kernel, 0 and less are whole groups of processes, our own among them (kill(2)).
    if (!(pid > 0)) throw new RangeError(`${pid} is no process`);
    signal(pid, "SIGKILL");
  },
  which,
};

async function run(command: Command): Promise<Outcome> {
  const started = Date.now();
  const child = start(command, ["pipe", "pipe", "pipe"]);
  const output = { stdout: "", stderr: "" };
  let ended: Outcome["ended"];

  const end = (reason: "idle" | "timeout"): void => {
    ended ??= reason;
    stop(child, command);
  };
  const idle = watchdog(command.idleTimeoutMs, () => end("idle"));
  const limit = watchdog(command.timeoutMs, () => end("timeout"));

  for (const stream of ["stdout", "stderr"] as const) {
    const lines = lineSplitter((line) => command.onOutput?.(line, stream));
    child[stream]?.setEncoding("utf8");
    child[stream]?.on("data", (text: string) => {
      idle.restart();
      output[stream] += text;
      lines.push(text);
    });
    child[stream]?.on("end", () => lines.end());
  }
  child.stdin?.on("error", () => undefined);
  if (child.stdin !== null && typeof command.input === "object") void feed(child.stdin, command.input);
  else child.stdin?.end(typeof command.input === "string" ? command.input : "");

  const interrupt = (): void => void child.kill(command.interruptSignal ?? "SIGINT");
  command.interrupt?.addEventListener("abort", interrupt, { once: true });

  try {
    const { status, signal } = await finished(child, command, output);
    return {
      status,
      signal,
      ...output,
      ...(ended === undefined ? {} : { ended }),
      durationMs: Date.now() - started,
    };
  } finally {
    idle.stop();
    limit.stop();
    command.interrupt?.removeEventListener("abort", interrupt);
  }
}

async function* stream(command: Command): AsyncGenerator<Uint8Array> {
  const child = start(command, ["ignore", "pipe", "pipe"]);
  const output = { stdout: "", stderr: "" };
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (output.stderr = (output.stderr + text).slice(-2000)));
  const end = finished(child, command, output);
  try {
    if (child.stdout !== null) yield* child.stdout as AsyncIterable<Uint8Array>;
    const { status } = await end;
    if (status === 0) return;
    const said = output.stderr.trim().split("\n").at(-1) ?? "";
    throw new Error(`${command.program} ended with ${status ?? "a signal"}${said === "" ? "" : `: ${said}`}`);
  } finally {
    child.kill("SIGKILL");
  }
}

/** Never throws: what the child does not want is not sent. */
async function feed(stdin: Writable, input: AsyncIterable<Uint8Array>): Promise<void> {
  // Once, not for each piece: listeners add up.
  const closed = once(stdin, "close").catch(() => undefined);
  try {
    for await (const piece of input) {
      if (!stdin.writable) return;
      if (!stdin.write(piece)) await Promise.race([once(stdin, "drain"), closed]);
    }
    stdin.end();
  } catch {
    stdin.destroy();
  }
}

async function interactive(command: Command): Promise<number> {
  const child = start(command, ["inherit", "inherit", "inherit"]);
  const ignore = (): void => undefined;
  process.on("SIGINT", ignore);
  process.on("SIGQUIT", ignore);
  try {
    const { status } = await finished(child, command, { stdout: "", stderr: "" });
    return status ?? 255;
  } finally {
    process.off("SIGINT", ignore);
    process.off("SIGQUIT", ignore);
  }
}

async function which(program: string): Promise<string | undefined> {
  if (isAbsolute(program)) return (await executable(program)) ? program : undefined;
  for (const directory of (process.env["PATH"] ?? "").split(delimiter)) {
    // What stands in the working directory is not a program of this computer.
    if (!isAbsolute(directory)) continue;
    const path = join(directory, program);
    if (await executable(path)) return path;
  }
  return undefined;
}

type Standard = "pipe" | "inherit" | "ignore";

function start(command: Command, standard: [Standard, Standard, Standard]): ChildProcess {
  return spawn(command.program, [...command.arguments], {
    cwd: command.directory,
    env: command.environment === undefined ? process.env : { ...command.environment },
    detached: command.ownSession === true,
    stdio: [...standard, ...(command.inherit ?? [])],
  });
}

function finished(
  child: ChildProcess,
  command: Command,
  output: { stdout: string; stderr: string },
): Promise<{ status: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT" && error.code !== "EACCES") return reject(error);
      output.stderr += `${command.program}: ${error.code === "ENOENT" ? "not found" : "permission denied"}\n`;
      resolve({ status: error.code === "ENOENT" ? 127 : 126, signal: null });
    });
    // A child that was killed leaves its own children behind, and they whatever they inherited: a lock, or our pipes.
    const endRest = (): void => {
      if (command.ownSession === true && child.pid !== undefined) signal(-child.pid, "SIGKILL");
    };
    let patience: NodeJS.Timeout | undefined;
    child.once("exit", () => (patience = setTimeout(endRest, pipesMs)));
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", () => patience?.refresh());
    child.once("close", (status, received) => {
      clearTimeout(patience);
      endRest();
      resolve({ status, signal: received });
    });
  });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone.
  }
}

async function holding(path: string): Promise<Holder[]> {
  const [file, names] = await Promise.all([realpath(path).catch(() => path), readdir("/proc").catch(() => [])]);
  const holders = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map(async (name) => ((await hasOpen(name, file)) ? holder(name) : [])),
  );
  return holders.flat();
}

async function hasOpen(pid: string, path: string): Promise<boolean> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => "")));
  return targets.includes(path);
}

async function holder(pid: string): Promise<Holder[]> {
  const own = await status(pid);
  if (own === undefined) return [];
  const { group, session } = own;
  return [{ pid: Number(pid), orphaned: group === session && (await status(session)) === undefined }];
}

/** Undefined for a process that has ended, also where its parent never asks how: PID 1 of a container may not. */
async function status(pid: string): Promise<{ group: string; session: string } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // After the name, which may contain anything.
  const [state, , group, session] = text?.slice(text.lastIndexOf(")") + 2).split(" ") ?? [];
  if (group === undefined || session === undefined || state === "Z") return undefined;
  return { group, session };
}

function stop(child: ChildProcess, command: Command): void {
  child.kill(command.interruptSignal ?? "SIGTERM");
  const kill = setTimeout(() => {
    if (command.ownSession === true && child.pid !== undefined) signal(-child.pid, "SIGKILL");
    else child.kill("SIGKILL");
    // A grandchild may hold the pipes open: do not wait for it.
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, graceMs);
  child.once("close", () => clearTimeout(kill));
}

function watchdog(ms: number | undefined, fire: () => void): { restart(): void; stop(): void } {
  if (ms === undefined) return { restart: () => undefined, stop: () => undefined };
  const timer = setTimeout(fire, ms);
  return { restart: () => void timer.refresh(), stop: () => clearTimeout(timer) };
}

async function executable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
