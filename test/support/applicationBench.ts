import { execFileSync } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { makeTree, repository, type Tree } from "./makeTree.ts";
import { startLandfall, type Finished, type Started } from "./startLandfall.ts";

/** A stack on a real machine, with all that its provider needs here, and applications of the fixtures in folders of its tree. */
export interface ApplicationBench {
  tree: Tree;
  stack: string;
  /** Starts a command on the stack; what stands between the command's words and the rest. */
  start(command: string, ...args: string[]): Started;
  run(command: string, ...args: string[]): Promise<Finished>;
  /** The standard output of a command on the server. */
  onServer(script: string): Promise<string>;
  /** Brings a program of this computer to the server. */
  copyProgram(name: string): Promise<void>;
  /** Copies an application of the fixtures; gives its folder in the tree. */
  place(application: string): Promise<string>;
  /** Changes a file of the tree. */
  edit(file: string, change: (text: string) => string): Promise<void>;
  /** What the server says to a GET, to whoever comes from outside; undefined where it does not answer. */
  page(address: string): Promise<string | undefined>;
}

export async function applicationBench(environment: string, provider: string): Promise<ApplicationBench> {
  const tree = await makeTree();
  const prepared = await startLandfall(["setup", provider, "--yes", "--json"], tree.root).finished;
  expect(prepared.result, prepared.stdout).toMatchObject({ ok: true });
  const stack = `${environment}/${provider}`;
  const start = (command: string, ...args: string[]): Started =>
    startLandfall([...command.split(" "), "--json", stack, ...args], tree.root);
  const run = (command: string, ...args: string[]): Promise<Finished> => start(command, ...args).finished;
  return {
    tree,
    stack,
    start,
    run,
    async onServer(script) {
      const { result, stdout } = await run("ssh", "--", script);
      expect(result, stdout.slice(-2000)).toMatchObject({ ok: true });
      return String(result["stdout"]);
    },
    async copyProgram(name) {
      const program = execFileSync("which", [name], { encoding: "utf8" }).trim();
      const place = `/usr/local/bin/${name}`;
      const words = ["ssh", stack, "--", `sudo tee ${place} >/dev/null && sudo chmod 755 ${place}`];
      const { child, finished } = startLandfall(words, tree.root);
      child.stdin?.end(await readFile(program));
      expect((await finished).status).toBe(0);
    },
    async place(application) {
      await cp(join(repository, "test", "fixtures", "applications", application), join(tree.root, application), {
        recursive: true,
      });
      return application;
    },
    async edit(file, change) {
      const path = join(tree.root, file);
      const text = await readFile(path, "utf8");
      await writeFile(path, change(text));
    },
    async page(address) {
      const signal = AbortSignal.timeout(10_000);
      return fetch(`http://${address}/`, { signal })
        .then((answer) => answer.text())
        .catch(() => undefined);
    },
  };
}
