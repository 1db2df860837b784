import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import type { Command, Outcome, Processes } from "../ports/Processes.ts";
import { lineSplitter } from "./lineSplitter.ts";

/** After the first signal a child has this long to end before it is killed. */
const graceMs = 30_000;

export const realProcesses: Processes = {
  run,
  interactive,
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
  child.stdin?.end(command.input ?? "");

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
    if (directory === "") continue;
    const path = join(directory, program);
    if (await executable(path)) return path;
  }
  return undefined;
}

type Standard = "pipe" | "inherit";

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
    child.once("close", (status, signal) => resolve({ status, signal }));
  });
}

function stop(child: ChildProcess, command: Command): void {
  child.kill(command.interruptSignal ?? "SIGTERM");
  const kill = setTimeout(() => {
    if (command.ownSession === true && child.pid !== undefined) {
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        child.kill("SIGKILL");
      }
    } else child.kill("SIGKILL");
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
