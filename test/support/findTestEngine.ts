import { join } from "node:path";
import { realPorts } from "../../src/system/realPorts.ts";

/** The engine for tests: LANDFALL_TOFU, PATH or the user's cache; undefined, said loudly, where there is none. */
export async function findTestEngine(): Promise<string | undefined> {
  const { machine, processes, files } = realPorts();
  const { LANDFALL_TOFU: named, LANDFALL_CACHE: cache, XDG_CACHE_HOME: base } = machine.environment;
  const root = join(cache || join(base || join(machine.home, ".cache"), "landfall"), "engine");
  const versions = (await files.list(root)) ?? [];
  for (const candidate of [named, "tofu", ...versions.toReversed().map((version) => join(root, version, "tofu"))]) {
    const found = candidate === undefined ? undefined : await processes.which(candidate);
    if (found !== undefined) return found;
  }
  process.stderr.write("SKIPPED: no engine for the tests; set LANDFALL_TOFU or run `make test`\n");
  return undefined;
}
