import type { Rehearsal } from "../rehearsal/Rehearsal.ts";
import { loadProviderCode } from "./loadProviderCode.ts";
import type { CodeAccess, CodeOwner } from "./standingOf.ts";

/** Loads the simulation in a provider's folder, `rehearsal.ts`; undefined where it has none. */
export async function loadRehearsal(provider: CodeOwner, access: CodeAccess): Promise<Rehearsal | undefined> {
  const exports = { functions: ["simulate"], values: ["environment", "lacks"] };
  const code = await loadProviderCode(provider, "rehearsal.ts", exports, access);
  return code as Rehearsal | undefined;
}
