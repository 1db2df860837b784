import { runCli } from "../../src/cli/runCli.ts";
import { realPorts } from "../../src/system/realPorts.ts";
import { workspaceAt } from "../../src/Workspace.ts";
import { cache } from "./landfall.ts";
import { checkStream } from "./leakSeen.ts";
import { repository } from "./makeTree.ts";

export interface Simulation {
  /** Such as `http://127.0.0.1:8123`. */
  origin: string;
  /** Ends it, and gives what it said. */
  stop(): Promise<string>;
}

/** `landfall simulate PROVIDER` in this process, until `stop`. */
export async function simulate(root: string, provider: string, ...argv: string[]): Promise<Simulation> {
  const ports = realPorts();
  const interrupt = new AbortController();
  const { promise: served, resolve: answer } = Promise.withResolvers<string>();
  let said = "";
  const write = (piece: string): void => {
    said += piece;
    const origin = /simulated at (http:\/\/\S+),/.exec(said)?.[1];
    if (origin !== undefined) answer(origin);
  };
  const ended = runCli(["simulate", provider, "--yes", ...argv], {
    ports: {
      ...ports,
      terminal: {
        interactive: false,
        ask: async () => undefined,
        askSecret: async () => undefined,
        readInput: async () => "",
      },
    },
    workspace: () => workspaceAt(root, cache),
    packageRoot: repository,
    interrupt: () => interrupt.signal,
    stdout: { write },
    stderr: { write },
  });
  const origin = await Promise.race([
    served,
    ended.then((status) => Promise.reject(new Error(`simulate ended with ${status}: ${said}`))),
  ]);
  return {
    origin,
    async stop() {
      interrupt.abort();
      await ended;
      checkStream("landfall simulate", said);
      return said;
    },
  };
}
