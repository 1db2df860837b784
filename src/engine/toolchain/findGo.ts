import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Ports } from "../../ports/Ports.ts";
import { childEnvironment } from "../childEnvironment.ts";
import { compareVersions } from "./engineVersion.ts";

/** From here on Go fetches the newer toolchain that a go.mod asks for. */
const oldestGo = "1.21";

/** A Go command that can build a module whose go line says `wanted`. */
export async function findGo(wanted: string, purpose: string, ports: Ports): Promise<string> {
  const candidates = ["go", "/usr/local/go/bin/go", "/usr/lib/go/bin/go", "/snap/bin/go"];
  for (const candidate of candidates) {
    const program = await ports.processes.which(candidate);
    const version = program === undefined ? undefined : await goVersion(program, ports);
    if (program === undefined || version === undefined) continue;
    if (compareVersions(version, wanted) >= 0 || compareVersions(version, oldestGo) >= 0) return program;
    throw noGo(purpose, `Go ${version} is too old`);
  }
  throw noGo(purpose, "Go is not installed");
}

/** What Go may see: its own variables, besides what every child gets. */
export function goEnvironment({ machine }: Ports): Record<string, string> {
  return childEnvironment(machine.environment, { GOTOOLCHAIN: "auto", GOWORK: "off", CGO_ENABLED: "0" }, ["GO*"]);
}

async function goVersion(program: string, ports: Ports): Promise<string | undefined> {
  const outcome = await ports.processes.run({
    program,
    arguments: ["version"],
    environment: { ...goEnvironment(ports), GOTOOLCHAIN: "local" },
    directory: "/",
    timeoutMs: 20_000,
  });
  return /go version go(\d+(\.\d+)*)/.exec(outcome.stdout)?.[1];
}

function noGo(purpose: string, why: string): AppError {
  return new AppError("toolchain.noGo", `${purpose} has to be built from source, and ${why}`, {
    hint: `install Go ${oldestGo} or newer: \`apt-get install golang-go\` on Debian 13 or Ubuntu 24.04, else from https://go.dev/dl/`,
    exit: exitCodes.prerequisites,
  });
}
