import { execFile, execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cache } from "./landfall.ts";
import { repository } from "./makeTree.ts";

const run = promisify(execFile);
const patience = { timeout: 300_000, maxBuffer: 16 * 1024 * 1024 };

export const clients = join(repository, "test", "rehearsal");

/** The packages that a script names in its first line: `# requires: a==1 b==2`. */
function requirements(script: string): string[] {
  const [first = ""] = readFileSync(script, "utf8").split("\n");
  return first.replace(/^# requires:\s*/, "").split(/\s+/);
}

/** Whether this computer can make virtual environments of Python; without that, clients cannot be tried. */
export function pythonWorks(): boolean {
  try {
    execFileSync("python3", ["-c", "import venv, ensurepip"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Runs a script with the official client of a cloud against a simulation. Gives what it printed; throws where it failed. */
export async function runClient(name: string, endpoint: string): Promise<string> {
  const script = join(clients, `${name}_client.py`);
  const packages = requirements(script);
  const home = join(cache, "test-clients", `${name}-${packages.join("-").replace(/[^\w.-]/g, "_")}`);
  const python = join(home, "bin", "python");
  if (!existsSync(join(home, "complete"))) {
    rmSync(home, { recursive: true, force: true });
    await run("python3", ["-m", "venv", home], patience);
    await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages], patience);
    await run("touch", [join(home, "complete")]);
  }
  const { stdout } = await run(python, [script], {
    ...patience,
    env: { ...process.env, LANDFALL_ENDPOINT: endpoint, PYTHONDONTWRITEBYTECODE: "1" },
  });
  return stdout;
}
