import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./makeTree.ts";

const providers = join(repository, "infrastructure", "terraform", "providers");

/** Every provider of this repository. */
export const everyProvider: readonly string[] = readdirSync(providers).filter((name) =>
  existsSync(join(providers, name, "provider.yaml")),
);

/** Those whose API is simulated. */
export const everyCloud: readonly string[] = everyProvider.filter((name) =>
  existsSync(join(providers, name, "rehearsal.ts")),
);

/** Those that can be rehearsed: simulated, or with machines on this computer. */
export const everyRehearsed: readonly string[] = everyProvider.filter(
  (name) =>
    everyCloud.includes(name) ||
    /^ {2}local: true$/m.test(readFileSync(join(providers, name, "provider.yaml"), "utf8")),
);
