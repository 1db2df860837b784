import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A tree of its own with a stack of `terraform_data`, and folders with many providers. */
export interface BenchTree {
  directory: string;
  stack: string;
  /** Of the launcher, so that it works on this tree. */
  environment: NodeJS.ProcessEnv;
  /** The same with that many providers in all. */
  withProviders(count: number): Promise<NodeJS.ProcessEnv>;
  /** The same with an engine that also writes each of its calls into `recording`, as a script. */
  recorded: NodeJS.ProcessEnv;
  recording: string;
}

export async function makeBenchTree(repository: string, launcher: string): Promise<BenchTree> {
  const directory = await mkdtemp(join(tmpdir(), "landfall-bench-"));
  const providers = join(directory, "infrastructure", "terraform", "providers");
  const acme = join(repository, "test", "fixtures", "providers", "acme");
  await cp(join(repository, "infrastructure"), join(directory, "infrastructure"), {
    recursive: true,
    filter: (path) =>
      !path.includes("/infrastructure/stacks") && (!path.endsWith(".env") || path.endsWith("project.env")),
  });
  await cp(acme, join(providers, "acme"), { recursive: true });
  // An address that answers at once; the fixture's own belongs to nobody, and waiting for it would be measured.
  const outputs = join(providers, "acme", "outputs.tf");
  await writeFile(outputs, (await readFile(outputs, "utf8")).replaceAll(/192\.0\.2\.\d+/g, "127.0.0.1"));
  const environment = { LANDFALL_ROOT: directory, SKIP_WAIT: "true" };

  const recording = join(directory, "calls.sh");
  const recorder = join(directory, "recording-tofu");
  await writeFile(recorder, recordingEngine(findEngine(launcher), recording), { mode: 0o700 });
  await writeFile(recording, "", { mode: 0o600 });
  return {
    directory,
    stack: "development/acme",
    environment,
    recording,
    recorded: { ...environment, LANDFALL_TOFU: recorder },
    async withProviders(count) {
      const more = count - (await readdir(providers)).length;
      const folder = join(directory, `more-${count}`);
      const manifest = await readFile(join(acme, "provider.yaml"), "utf8");
      for (let number = 1; number <= more; number += 1) {
        await mkdir(join(folder, `sample-${number}`), { recursive: true });
        await cp(acme, join(folder, `sample-${number}`), { recursive: true });
        const own = manifest.replace(/^name: .*$/m, `name: sample-${number}`);
        await writeFile(join(folder, `sample-${number}`, "provider.yaml"), own);
      }
      return { ...environment, LANDFALL_PROVIDERS_PATH: folder };
    },
  };
}

/** Each call with its directory and environment, so that a script can do it again. */
function recordingEngine(engine: string, recording: string): string {
  return `#!/bin/bash
{ echo "("; declare -px; printf 'cd %q\\n' "$PWD"; printf '%q ' ${JSON.stringify(engine)} "$@"; echo ">/dev/null"; echo ")"; } \\
  >>${JSON.stringify(recording)}
exec ${JSON.stringify(engine)} "$@"
`;
}

function findEngine(launcher: string): string {
  const { stdout } = spawnSync(launcher, ["doctor", "--json"], { encoding: "utf8" });
  const [, engine] = /"detail":"OpenTofu [^"]*: (\/[^"]+)"/.exec(stdout) ?? [];
  if (engine === undefined) throw new Error(`landfall doctor names no engine: ${stdout}`);
  return engine;
}
