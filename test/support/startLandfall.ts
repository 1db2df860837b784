import { execFile, type ChildProcess } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { userState } from "./landfall.ts";
import { checkStream } from "./leakSeen.ts";

const launcher = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "landfall");

export interface Finished {
  status: number;
  stdout: string;
  stderr: string;
  result: Record<string, unknown> & { ok: boolean };
  events: { type: string; [key: string]: unknown }[];
}

export interface Started {
  child: ChildProcess;
  finished: Promise<Finished>;
  /** Resolves once stdout has it; rejects where the process ends without having printed it. */
  seen: (match: (stdout: string) => boolean) => Promise<void>;
}

/** Starts the launcher, as a user would, in the tree at `root`. */
export function startLandfall(args: string[], root: string): Started {
  const child = execFile(launcher, args, {
    cwd: root,
    env: { ...process.env, XDG_STATE_HOME: userState(root) },
    maxBuffer: 64 * 1024 * 1024,
  });
  let stdout = "";
  let stderr = "";
  const watchers: { match: (stdout: string) => boolean; resolve: () => void }[] = [];
  child.stdout?.on("data", (text: string) => {
    stdout += text;
    for (const watcher of watchers) if (watcher.match(stdout)) watcher.resolve();
  });
  child.stderr?.on("data", (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve) => {
    child.on("close", (status) => {
      checkStream(`landfall ${args[0]}`, stdout + stderr);
      const events = stdout.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
      const result = events.findLast(({ type }) => type === "result");
      resolve({ status: status ?? -1, stdout, stderr, events, result });
    });
  });
  const ended = async (match: (stdout: string) => boolean): Promise<void> => {
    const { stdout: all } = await finished;
    if (!match(all)) throw new Error(`ended without what was waited for:\n${all}`);
  };
  return {
    child,
    finished,
    seen: (match) => Promise.race([new Promise<void>((resolve) => watchers.push({ match, resolve })), ended(match)]),
  };
}
