import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import { userState } from "./landfall.ts";
import { repository } from "./makeTree.ts";

/**
 * Starts a command in a session of its own and kills all of it, engine and plugins too, after so many milliseconds, or
 * as soon as something is so. With `alone`, the engine goes on. With SIGINT, only asks it to stop, as Ctrl-C does, and
 * waits until it has. True where it had ended by itself before.
 */
export async function killLandfall(
  argv: readonly string[],
  root: string,
  when: number | (() => boolean | Promise<boolean>),
  how: "all" | "alone" | "SIGINT" = "all",
  environment: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const main = join(repository, "src", "main.ts");
  const marker = `LANDFALL_TEST_RUN=${process.pid}-${Date.now()}`;
  const [name = "", value = ""] = marker.split("=");
  const child = execFile(process.execPath, [main, ...argv, "--json"], {
    env: {
      ...process.env,
      LANDFALL_ROOT: root,
      XDG_STATE_HOME: userState(root),
      SKIP_WAIT: "true",
      ...environment,
      [name]: value,
    },
  });
  let hasEnded = false;
  const ended = new Promise<boolean>((resolve) => child.once("exit", () => resolve((hasEnded = true))));
  const watched = async (moment: () => boolean | Promise<boolean>): Promise<void> => {
    for (let over = false; !over; over = hasEnded || (await moment())) await pause(5);
  };
  const late = typeof when === "number" ? pause(when) : watched(when);
  if (await Promise.race([ended, late.then(() => false)])) return true;
  child.kill(how === "SIGINT" ? "SIGINT" : "SIGKILL");
  if (how !== "all") {
    await ended;
    return false;
  }
  // The engine works in a session of its own, in a directory below the tree.
  const pids = execFileSync(
    "sh",
    ["-c", `for p in /proc/[0-9]*; do case $(readlink $p/cwd) in ${root}/*) echo \${p#/proc/};; esac; done`],
    {
      encoding: "utf8",
    },
  );
  for (const pid of pids.split("\n").filter((line) => line !== "")) {
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
  await ended;
  return false;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
