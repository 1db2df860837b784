import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { caseText, type FaultCase } from "./faultCase.ts";
import { startFaultProxy, type Spoilt } from "./faultProxy.ts";
import { landfall, type Outcome } from "./landfall.ts";
import { checkStream } from "./leakSeen.ts";
import { makeTree, repository } from "./makeTree.ts";
import { processesBelow } from "./processesBelow.ts";
import { simulate } from "./simulate.ts";

/** A tree of its own with one stack, and the simulation of its provider behind a proxy that can strike. */
export interface FaultBench {
  provider: string;
  /** The stack's directory. */
  directory: string;
  run(verb: string, ...more: readonly string[]): Promise<Outcome>;
  /** Runs a command in a process of its own and strikes; whether the moment came, and what was said. */
  strike(one: FaultCase, argv: readonly string[]): Promise<{ struck: boolean; said: string }>;
  /** What exists at the provider. */
  existing(): Promise<{ servers: unknown[]; resources: { kind: string; id: string | number; name: string }[] }>;
  close(): Promise<void>;
}

export async function makeFaultBench(provider: string): Promise<FaultBench> {
  const stack = `staging/${provider}`;
  const tree = await makeTree();
  const simulation = await simulate(tree.root, provider);
  const proxy = await startFaultProxy(simulation.origin);
  const file = join(tree.root, "infrastructure", "rehearsal", "simulators", `${provider}.json`);
  await writeFile(file, (await readFile(file, "utf8")).replace(simulation.origin, proxy.origin));
  const directory = join(tree.root, "infrastructure", "rehearsal", "stacks", stack);

  return {
    provider,
    directory,
    run: (verb, ...more) => landfall(tree.root, [verb, stack, "--rehearsal", "--yes", "--json", ...more]),
    async strike(one, [verb = "", ...more]) {
      const child = execFile(join(repository, "landfall"), [verb, stack, "--rehearsal", "--yes", "--json", ...more], {
        env: { ...process.env, LANDFALL_ROOT: tree.root },
        maxBuffer: 64 * 1024 * 1024,
      });
      let said = "";
      for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text: string) => (said += text));
      const ended = new Promise((resolve) => child.once("close", resolve));
      let struck = false;
      const act = async (): Promise<Spoilt | undefined> => {
        struck = true;
        if (one.victim === "answer") return one.how === "reset" ? "reset" : one.how === "429" ? 429 : 500;
        await signalVictims(one, child.pid ?? 0, directory);
        return undefined;
      };
      proxy.arm({ call: one.call, when: one.when, act }, "writes");
      await ended;
      // An engine that was left alone may still call: the next run waits for it, and nothing strikes it any more.
      proxy.disarm();
      checkStream(caseText(one), said);
      return { struck, said };
    },
    existing: async () =>
      (await (await fetch(`${simulation.origin}/.landfall`)).json()) as Awaited<ReturnType<FaultBench["existing"]>>,
    async close() {
      await proxy.close();
      await simulation.stop();
      await tree.remove();
    },
  };
}

async function signalVictims({ victim, how }: FaultCase, own: number, directory: string): Promise<void> {
  const below = await processesBelow(directory);
  const named = (part: string): number[] => below.filter(({ name }) => name.startsWith(part)).map(({ pid }) => pid);
  const pids: Record<string, () => number[]> = {
    landfall: () => [own],
    engine: () => named("tofu"),
    plugin: () => named("terraform-prov"),
    all: () => [own, ...below.map(({ pid }) => pid)],
  };
  for (const pid of pids[victim]?.() ?? []) {
    try {
      process.kill(pid, how as NodeJS.Signals);
    } catch {
      // It has ended.
    }
  }
}
