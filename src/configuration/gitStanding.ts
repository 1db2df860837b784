import { basename, dirname } from "node:path";
import type { Ports } from "../ports/Ports.ts";
import { trackedByGit } from "./trackedByGit.ts";

/** What git would do with a file: it holds it already, it would take it with the next `git add`, or it leaves it alone. */
export async function gitStanding(
  path: string,
  ports: Pick<Ports, "files" | "processes" | "machine">,
): Promise<"tracked" | "addable" | "left alone"> {
  if ((await trackedByGit(path, ports)) === true) return "tracked";
  const program = await ports.processes.which("git");
  if (program === undefined) return "left alone";
  if ((await git("ls-files", "--error-unmatch", "--", basename(path))) === 0) return "tracked";
  // 1: no rule ignores it. 128: there is no repository.
  return (await git("check-ignore", "--quiet", "--", basename(path))) === 1 ? "addable" : "left alone";

  async function git(...words: string[]): Promise<number | null> {
    // Inside of a hook, variables point git to the repository of the hook.
    const environment = Object.entries(ports.machine.environment).flatMap(([name, value]) =>
      value === undefined || name.startsWith("GIT_") ? [] : [[name, value] as const],
    );
    const { status } = await ports.processes.run({
      program: program ?? "git",
      arguments: words,
      directory: dirname(path),
      environment: Object.fromEntries(environment),
      timeoutMs: 30_000,
    });
    return status;
  }
}
