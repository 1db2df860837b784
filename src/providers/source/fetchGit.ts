import { join } from "node:path";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Command, Outcome } from "../../ports/Processes.ts";
import type { FolderFile } from "../FolderFile.ts";
import { fetchFailed, readArchive, type FetchPorts } from "./readArchive.ts";
import { sourceText, type GitSource } from "./Source.ts";

const patienceMs = 120_000;

/** The files of one commit. A branch or a tag is refused with the commit that it points to now. */
export async function fetchGit(source: GitSource, ports: FetchPorts): Promise<FolderFile[]> {
  const { files, processes } = ports;
  const shown = sourceText(source);
  const program = await processes.which("git");
  if (program === undefined) {
    throw new AppError("provider.fetch", `${shown} needs git, which is not on this computer`, {
      hint: "install it, for example: apt-get install git",
      exit: exitCodes.prerequisites,
    });
  }
  const { url, reference: commit } = source;
  if (!/^[0-9a-f]{40}$/.test(commit)) throw await moving();

  const directory = await files.temporaryDirectory("landfall-git-");
  try {
    const repository = join(directory, "repository");
    const inRepository = (...words: string[]): Promise<Outcome> => git([`--git-dir=${repository}`, ...words]);
    await demand(await git(["init", "--quiet", "--bare", "--template=", repository]));
    // Not every server gives a commit by its name: then all branches and tags are fetched.
    const single = await inRepository("fetch", "--quiet", "--no-tags", "--depth=1", "--", url, commit);
    if (single.status !== 0) {
      const all = ["+refs/heads/*:refs/remotes/all/*", "+refs/tags/*:refs/tags/*"];
      await demand(await inRepository("fetch", "--quiet", "--", url, ...all));
    }
    if ((await inRepository("cat-file", "-e", `${commit}^{commit}`)).status !== 0) {
      throw fetchFailed(shown, `${url} has no commit ${commit}`, []);
    }
    const archive = join(directory, "archive.tar");
    const tree = source.subfolder === undefined ? commit : `${commit}:${source.subfolder}`;
    await demand(await inRepository("archive", "--format=tar", `--output=${archive}`, tree));
    return await readArchive(archive, shown, files);
  } finally {
    await files.remove(directory);
  }

  async function moving(): Promise<AppError> {
    const names = [`refs/heads/${commit}`, `refs/tags/${commit}^{}`, `refs/tags/${commit}`, commit];
    const listed = await demand(await git(["ls-remote", "--", url, commit, `${commit}^{}`]));
    const found = new Map(listed.stdout.split("\n").map((line) => line.split("\t").reverse() as [string, string]));
    const name = names.find((candidate) => found.has(candidate));
    const now = name === undefined ? undefined : found.get(name);
    if (now === undefined) {
      return new AppError("provider.source", `${url} has no ${commit}, and a commit has 40 digits`, {
        hint: "write all 40 digits of the commit behind #",
        exit: exitCodes.usage,
      });
    }
    const what = name?.startsWith("refs/tags/") === true ? "a tag" : "a branch";
    const sentence = `${commit} is ${what} of ${url}, which can come to mean something else; now it is ${now}`;
    return new AppError("provider.source", sentence, {
      hint: `landfall provider add ${sourceText({ ...source, reference: now })}`,
      exit: exitCodes.usage,
    });
  }

  async function demand(outcome: Outcome): Promise<Outcome> {
    if (outcome.status === 0) return outcome;
    throw fetchFailed(shown, "git could not get it", outcome.stderr.trim().split("\n"));
  }

  function git(words: readonly string[]): Promise<Outcome> {
    const interrupt: Pick<Command, "interrupt"> = ports.interrupt === undefined ? {} : { interrupt: ports.interrupt };
    return processes.run({
      program: program ?? "git",
      arguments: ["-c", "core.hooksPath=/dev/null", ...allowed, ...words],
      environment: environmentOf(ports.machine.environment),
      idleTimeoutMs: patienceMs,
      ...interrupt,
    });
  }
}

/** No transport that could start programs, whatever the address is replaced by. */
const allowed = ["never", ...["https", "ssh", "file"].map((scheme) => `${scheme}.allow=always`)].flatMap((value) => [
  "-c",
  value === "never" ? "protocol.allow=never" : `protocol.${value}`,
]);

/** Inside of a hook, variables point git to the repository of the hook. Nobody is asked for a password. */
function environmentOf(all: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(all).flatMap(([name, value]) =>
    value === undefined || (name.startsWith("GIT_") && !name.startsWith("GIT_SSL_") && name !== "GIT_SSH_COMMAND")
      ? []
      : [[name, value] as const],
  );
  return { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
}
