import { join } from "node:path";
import type { Rehearsal, Simulation } from "../rehearsal/Rehearsal.ts";
import { attributed, type CodeFile } from "./attributed.ts";
import { loadProviderCode } from "./loadProviderCode.ts";
import { membersOf } from "./membersOf.ts";
import type { CodeAccess, CodeOwner } from "./standingOf.ts";

/** Loads the simulation in a provider's folder, `rehearsal.ts`; undefined where it has none. What fails in it is said to be its own. */
export async function loadRehearsal(provider: CodeOwner, access: CodeAccess): Promise<Rehearsal | undefined> {
  const exports = { functions: ["simulate"], values: ["environment", "lacks"] };
  const code = await loadProviderCode(provider, "rehearsal.ts", exports, access);
  if (code === undefined) return undefined;
  const rehearsal = code as Rehearsal;
  const file = { provider: provider.name, path: join(provider.folder, "rehearsal.ts") };
  return {
    ...rehearsal,
    simulate: attributed("simulate", async (kit) => attributedSimulation(await rehearsal.simulate(kit), file), file),
  };
}

const unawaited = ["routes", "ignoresLastSlash", "authenticate", "error", "describe"];

/** Routes and errors answer while the plugin waits: what goes wrong there is told by the simulator. */
function attributedSimulation(simulation: Simulation | undefined, file: CodeFile): Simulation {
  if (!Array.isArray(simulation?.routes)) throw new TypeError("it gave no routes");
  return {
    ...(membersOf(simulation, unawaited) as unknown as Simulation),
    servers: attributed("servers", () => simulation.servers(), file),
    removeServer: attributed("removeServer", (id) => simulation.removeServer(id), file),
    resources: attributed("resources", () => simulation.resources(), file),
    ...(simulation.stop === undefined ? {} : { stop: attributed("stop", async () => simulation.stop?.(), file) }),
  };
}
