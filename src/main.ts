import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { runCli } from "./cli/runCli.ts";
import { realPorts } from "./system/realPorts.ts";
import { watchSignals } from "./system/watchSignals.ts";
import { workspaceAt } from "./Workspace.ts";

process.umask(0o077);

// Both `src/main.ts` and the bundle `dist/main.cjs` stand one level below the package.
// Not `import.meta`: asking for it loads a tenth of Node.
const packageRoot = resolve(dirname(process.argv[1] ?? ""), "..");
const environment = process.env;
const ports = realPorts();

// A reader that goes away (| head) must not end a run: what is under way is finished.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

void runCli(process.argv.slice(2), {
  ports,
  packageRoot,
  // Help needs none, and is what people wait for most often.
  workspace: () => workspaceAt(findRoot(), cacheDirectory()),
  interrupt: watchSignals,
  stdout: process.stdout,
  stderr: process.stderr,
}).then((exit) => (process.exitCode = exit));

/** The nearest tree at or above the working directory, else the one that Landfall itself stands in. */
function findRoot(): string {
  const chosen = environment["LANDFALL_ROOT"];
  if (chosen !== undefined && chosen !== "") return resolve(chosen);
  for (let directory = process.cwd(); ; directory = dirname(directory)) {
    if (existsSync(join(directory, "infrastructure", "terraform", "main.tf"))) return directory;
    if (directory === dirname(directory)) return packageRoot;
  }
}

function cacheDirectory(): string {
  const chosen = environment["LANDFALL_CACHE"];
  if (chosen !== undefined && chosen !== "") return resolve(chosen);
  const base = environment["XDG_CACHE_HOME"];
  return join(base === undefined || base === "" ? join(ports.machine.home, ".cache") : base, "landfall");
}
