import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { runCli } from "./cli/runCli.ts";
import type { AppError } from "./errors.ts";
import { exitCodes } from "./exitCodes.ts";
import { explainError } from "./explainError.ts";
import { cleanText } from "./reporters/cleanText.ts";
import { errorText } from "./reporters/errorText.ts";
import { realPorts } from "./system/realPorts.ts";
import { watchSignals } from "./system/watchSignals.ts";
import { failInnermost, failStray, takeStray } from "./unsettled.ts";
import { workspaceAt } from "./Workspace.ts";

process.umask(0o077);

// What ends before it is done has not succeeded, whatever ends it.
process.exitCode = exitCodes.bug;
process.on("beforeExit", () => {
  // What follows from that error may wait for something that never comes, too: then this is called once more.
  if (failInnermost()) setImmediate(() => undefined);
});
let done = false;
/** Whether something failed beside the command: what that was doing may still be under way, and nobody waits for it. */
let strayed = false;
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.on(event, (error: unknown) => {
    strayed = true;
    if (!failStray(error) || done) endLate(takeStray() ?? explainError(error));
  });
}

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
}).then(end);

function end(exit: number): void {
  done = true;
  if (strayed || exit === exitCodes.bug) process.exit(exit);
  process.exitCode = exit;
}

/** What fails after the command's end, or before it has begun. */
function endLate(error: AppError): void {
  process.stderr.write(`${cleanText(errorText(error))}\n`);
  process.exit(error.exit);
}

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
