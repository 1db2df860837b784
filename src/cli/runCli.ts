import { run, type StricliProcess } from "@stricli/core";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { isOn } from "../operations/isOn.ts";
import type { OperationContext } from "../operations/OperationContext.ts";
import type { Ports } from "../ports/Ports.ts";
import { createReporter } from "../reporters/createReporter.ts";
import type { CommandResult, Writer } from "../reporters/Reporter.ts";
import { twinWorkspace, type Workspace } from "../Workspace.ts";
import { app } from "./app.ts";
import { explainError } from "../explainError.ts";
import { settled, takeStray } from "../unsettled.ts";
import type { CliContext } from "./CliContext.ts";

export interface CliHost {
  /** Ports without their event sink, which the reporter becomes. */
  ports: Omit<Ports, "emit">;
  workspace: () => Workspace;
  packageRoot: string;
  /** Begins to listen for signals; the one that is given fires at the first. */
  interrupt: (say: (message: string) => void) => AbortSignal;
  stdout: Writer;
  stderr: Writer;
}

/** Runs one command line and gives the exit status. Never throws. */
export async function runCli(argv: readonly string[], host: CliHost): Promise<number> {
  const own = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const json = own.includes("--json");
  const rehearsal = own.includes("--rehearsal");
  const environment = host.ports.machine.environment;
  const reporter = createReporter(json ? "ndjson" : host.stderr.isTTY === true ? "live" : "plain", {
    stdout: host.stdout,
    stderr: host.stderr,
    verbose: own.includes("--verbose") || isOn(environment["VERBOSE"]),
    now: () => host.ports.clock.now(),
    environment,
  });
  const waitMs = waitOf(own);
  let workspace: Workspace | undefined;
  const operations: OperationContext = {
    ports: { ...host.ports, emit: (event) => reporter.emit(event) },
    get workspace() {
      return (workspace ??= rehearsal ? twinWorkspace(host.workspace()) : host.workspace());
    },
    ...(waitMs === undefined ? {} : { waitMs }),
    ...(rehearsal ? { rehearsal: { suffix: "rehearsal" } } : {}),
    interrupt: host.interrupt((message) =>
      reporter.emit({ type: "notice", level: "warning", code: "run.interrupt", message }),
    ),
    packageRoot: host.packageRoot,
  };

  let exit: number = exitCodes.done;
  let failure: unknown;
  let finished: CommandResult | undefined;
  const text = { stdout: "", stderr: "" };
  const process: StricliProcess = {
    stdout: { write: (piece: string) => void (text.stdout += piece) },
    stderr: { write: (piece: string) => void (text.stderr += piece) },
    env: { STRICLI_NO_COLOR: "1" },
  };
  const context: CliContext & { process: StricliProcess } = {
    process,
    operations,
    finish(result) {
      finished = result;
    },
    announce(result) {
      exit = result.exit;
      reporter.result(result);
    },
  };

  try {
    await settled(
      () =>
        run(
          app((error) => (failure = error)),
          argv.length === 0 ? ["--help"] : argv,
          context,
        ),
      { stuck: neverEnds, claim: explainError },
    );
    // What failed beside the command's last step is told by now.
    await new Promise((resolve) => setImmediate(resolve));
    failure ??= scannerFailure(process, text.stderr) ?? takeStray();
  } catch (error) {
    failure = error;
  }

  if (failure !== undefined) {
    const error = explainError(failure);
    exit = error.exit;
    reporter.error(error);
  } else if (finished !== undefined) {
    exit = finished.exit;
    reporter.result(finished);
  } else if (text.stdout !== "") {
    reporter.result({
      command: "help",
      ok: true,
      data: { text: text.stdout },
      text: text.stdout.trimEnd(),
      exit: exitCodes.done,
    });
  }
  reporter.close();
  return exit;
}

/** `--wait SECONDS` or `--wait`; what is malformed is refused where the command reads its flags. */
function waitOf(argv: readonly string[]): number | undefined {
  const index = argv.findLastIndex((argument) => /^--wait(=|$)/.test(argument));
  if (index === -1) return undefined;
  const [, given = argv[index + 1] ?? ""] = (argv[index] ?? "").split("=");
  return /^\d+$/.test(given) ? Number(given) * 1000 : patienceMs;
}

/** As long as a run may reasonably take. */
const patienceMs = 60 * 60_000;

/** Stricli ends with a negative status where the command line cannot be understood. */
function scannerFailure(process: StricliProcess, message: string): AppError | undefined {
  if (typeof process.exitCode !== "number" || process.exitCode >= 0) return undefined;
  return new AppError("usage.invalid", message.trim() || "the command line cannot be understood", {
    hint: "landfall --help lists the commands; landfall COMMAND --help explains one",
    exit: exitCodes.usage,
  });
}

function neverEnds(): AppError {
  return new AppError("bug", "Landfall has a bug: the command waits for something that nothing is left to bring", {
    hint: "run the same command again; if it repeats, report it with the command line",
    exit: exitCodes.bug,
  });
}
