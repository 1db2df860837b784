import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { killLandfall } from "./killLandfall.ts";
import { landfall, type Outcome } from "./landfall.ts";
import { makeTree, type Tree } from "./makeTree.ts";
import { simulate } from "./simulate.ts";
import type { Terminal } from "../../src/ports/Terminal.ts";

export interface Thing {
  kind: string;
  id: string;
  name: string;
}

/** The twin of one stack at a simulated cloud, to be cut off. */
export interface RecoveryBench {
  tree: Tree;
  origin: string;
  /** Below the twin's directory. */
  path(name: string): string;
  /** With CONFIRM, as a protected stack needs it, unless another environment is given. */
  run(argv: readonly string[], terminal?: Partial<Terminal>, environment?: Record<string, string>): Promise<Outcome>;
  /** The same, and it has to go well. */
  good(...argv: string[]): Promise<Outcome["result"]>;
  /** True where it had ended by itself before. */
  cut(argv: readonly string[], when: number | (() => Promise<boolean>), signal?: "SIGINT"): Promise<boolean>;
  /** What exists at the cloud. */
  things(kind?: string): Promise<Thing[]>;
  /** Ids of everything of the provider's module that the state knows. */
  known(): Promise<string[]>;
  /** Loses the stack's directory. */
  loseDirectory(): Promise<void>;
  remove(): Promise<void>;
}

export async function makeRecoveryBench(provider: string): Promise<RecoveryBench> {
  const tree = await makeTree();
  const simulation = await simulate(tree.root, provider);
  const stack = `production/${provider}`;
  const directory = join(tree.root, "infrastructure", "rehearsal", "stacks", "production", provider);
  const command = ([verb = "", ...more]: readonly string[]): string[] => [verb, stack, ...more, "--rehearsal"];
  const run: RecoveryBench["run"] = (argv, terminal, environment = { CONFIRM: stack }) =>
    landfall(tree.root, [...command(argv), "--json"], environment, terminal);
  return {
    tree,
    origin: simulation.origin,
    path: (name) => join(directory, name),
    run,
    async good(...argv) {
      const { result, stdout } = await run([...argv, "--yes"]);
      expect(result, stdout.slice(-4000)).toMatchObject({ ok: true });
      return result;
    },
    cut: (argv, when, signal) => killLandfall([...command(argv), "--yes"], tree.root, when, signal),
    async things(kind) {
      const answer = await fetch(`${simulation.origin}/.landfall`);
      const { resources } = (await answer.json()) as { resources: Thing[] };
      return resources.filter((thing) => kind === undefined || thing.kind === kind);
    },
    async known() {
      const text = await readFile(join(directory, "terraform.tfstate"), "utf8").catch(() => "");
      const { resources = [] } = (text === "" ? {} : JSON.parse(text)) as { resources?: StateResource[] };
      return resources
        .filter(({ module, mode, type }) => module !== undefined && mode === "managed" && type !== "terraform_data")
        .flatMap(({ instances }) => instances.map(({ attributes }) => attributes.id));
    },
    loseDirectory: () => rm(directory, { recursive: true }),
    async remove() {
      await simulation.stop();
      await tree.remove();
    },
  };
}

interface StateResource {
  module?: string;
  mode: string;
  type: string;
  instances: { attributes: { id: string } }[];
}
