import type { Rehearsal } from "../rehearsal/Rehearsal.ts";
import { loadProviderCode } from "./loadProviderCode.ts";
import type { Provider } from "./Provider.ts";

/** Loads the simulation in a provider's folder, `rehearsal.ts`; undefined where it has none. */
export async function loadRehearsal(provider: Pick<Provider, "name" | "folder">): Promise<Rehearsal | undefined> {
  const code = await loadProviderCode(provider, "rehearsal.ts", {
    functions: ["simulate"],
    values: ["environment", "lacks"],
  });
  return code as Rehearsal | undefined;
}
