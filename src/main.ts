import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { runCli } from "./cli/runCli.ts";
import { realPorts } from "./system/realPorts.ts";
import { watchSignals } from "./system/watchSignals.ts";
import { workspaceAt } from "./Workspace.ts";

process.umask(0o077);

// Both `src/main.ts` and the bundle `dist/main.js` stand one level below the package.
const packageRoot = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const environment = process.env;
const ports = realPorts();

process.exitCode = await runCli(process.argv.slice(2), {
  ports,
  packageRoot,
  workspace: workspaceAt(findRoot(), cacheDirectory()),
  interrupt: watchSignals((message) => process.stderr.write(`${message}\n`)),
  stdout: process.stdout,
  stderr: process.stderr,
});

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
