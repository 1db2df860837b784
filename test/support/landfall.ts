import { join } from "node:path";
import { runCli } from "../../src/cli/runCli.ts";
import type { Terminal } from "../../src/ports/Terminal.ts";
import { realPorts } from "../../src/system/realPorts.ts";
import { workspaceAt } from "../../src/Workspace.ts";
import { checkStream } from "./leakSeen.ts";
import { repository } from "./makeTree.ts";

export interface Outcome {
  status: number;
  stdout: string;
  stderr: string;
  events: Record<string, unknown>[];
  /** The final object of `--json`; empty without it. */
  result: Record<string, unknown>;
}

/** The user's cache: the engine that `make test` provides is there. */
export const cache =
  process.env["LANDFALL_CACHE"] ??
  join(process.env["XDG_CACHE_HOME"] ?? join(process.env["HOME"] ?? "", ".cache"), "landfall");

/**
 * One command line through the public door, with the real ports and an environment of its own. With `pause`, that is
 * done where half a minute or more would be waited.
 */
export async function landfall(
  root: string,
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  terminal: Partial<Terminal> = {},
  pause?: () => Promise<void>,
): Promise<Outcome> {
  const text = { stdout: "", stderr: "" };
  const ports = realPorts();
  const status = await runCli(argv, {
    ports: {
      ...ports,
      clock: {
        ...ports.clock,
        sleep: (ms, signal) => (pause === undefined || ms < 30_000 ? ports.clock.sleep(ms, signal) : pause()),
      },
      terminal: {
        interactive: false,
        ask: async () => undefined,
        askSecret: async () => undefined,
        readInput: async () => "",
        ...terminal,
      },
      machine: {
        ...ports.machine,
        home: environment["HOME"] ?? ports.machine.home,
        environment: { ...inherited(), XDG_STATE_HOME: userState(root), ...environment },
      },
    },
    workspace: () => workspaceAt(root, cache),
    packageRoot: repository,
    interrupt: () => new AbortController().signal,
    stdout: { write: (piece) => void (text.stdout += piece) },
    stderr: { write: (piece) => void (text.stderr += piece) },
  });
  checkStream(`stdout of landfall ${argv[0]}`, text.stdout);
  checkStream(`stderr of landfall ${argv[0]}`, text.stderr);
  const events = text.stdout
    .split("\n")
    .flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Record<string, unknown>] : []));
  return { status, ...text, events, result: events.findLast(({ type }) => type === "result") ?? {} };
}

/** What is kept outside of a clone stays in its temporary directory all the same. */
export function userState(root: string): string {
  return join(root, ".user-state");
}

function inherited(): Record<string, string> {
  const names = ["PATH", "HOME", "USER", "LANG", "TMPDIR", "LANDFALL_TOFU"];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
