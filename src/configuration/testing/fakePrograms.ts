import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";

export interface FakePrograms {
  /** What each call got: the program's name, then its arguments. */
  calls(): Promise<string[][]>;
}

/**
 * Real programs, written in shell, that are first on PATH during a test. Each says `printf 'secret'` or whatever its
 * text does; `$1` and so on are its arguments.
 */
export async function fakePrograms(programs: Record<string, string>): Promise<FakePrograms> {
  const directory = await mkdtemp(join(tmpdir(), "landfall-programs-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const log = join(directory, "calls");
  const bin = join(directory, "bin");
  await mkdir(bin);
  for (const [name, text] of Object.entries(programs)) {
    const path = join(bin, name);
    // The text may hold a secret.
    await writeFile(`${path}.secret`, text, { mode: 0o600 });
    await writeFile(
      path,
      `#!/bin/sh\n{ printf '%s\\036' ${name} "$@"; printf '\\035'; } >>'${log}'\n. '${path}.secret'\n`,
    );
    await chmod(path, 0o755);
  }
  vi.stubEnv("PATH", `${bin}:${process.env["PATH"] ?? ""}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  return {
    async calls() {
      const text = await readFile(log, "utf8").catch(() => "");
      const calls = text.split("\x1D").slice(0, -1);
      return calls.map((call) => call.split("\x1E").slice(0, -1));
    },
  };
}
