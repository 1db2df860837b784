import { existsSync, readdirSync } from "node:fs";
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
