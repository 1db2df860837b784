import { delimiter, join } from "node:path";
import { readdirSync } from "node:fs";
import { realPorts } from "../../src/system/realPorts.ts";
import { cache } from "./landfall.ts";

/** Whether the real `age`, and where the real `sops` is; what is absent is said loudly. */
export async function findEncryption(): Promise<{ age: boolean; sops: string | undefined }> {
  const { processes } = realPorts();
  const built = join(cache, "test-tools");
  const versions = list(built).filter((name) => name.startsWith("sops-"));
  const candidates = ["sops", ...versions.toReversed().map((version) => join(built, version, "sops"))];
  const found = await Promise.all(candidates.map((candidate) => processes.which(candidate)));
  const sops = found.find((path) => path !== undefined);
  const age = (await processes.which("age")) !== undefined && (await processes.which("age-keygen")) !== undefined;
  if (!age) process.stderr.write("SKIPPED: no age for the tests; apt-get install age, or run `make test` as root\n");
  if (sops === undefined)
    process.stderr.write("SKIPPED: no sops for the tests; scripts/buildTestTool.sh sops builds it\n");
  return { age, sops };
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** PATH with a program's directory in front. */
export function pathWith(program: string): string {
  return join(program, "..") + delimiter + (process.env["PATH"] ?? "");
}
