import { dirname, join } from "node:path";
import type { Ports } from "../../ports/Ports.ts";
import type { Workspace } from "../../Workspace.ts";

const patienceMs = 3_000;
/** A registry that answered is not asked again for this long; one that did not is asked every time. */
const trustMs = 600_000;

/** Whether the plugin registry `host` answers within seconds. */
export async function registryReachable(host: string, workspace: Workspace, ports: Ports): Promise<boolean> {
  const { files, network, clock, machine } = ports;
  const url = machine.environment["LANDFALL_REGISTRY_PROBE_URL"] || `https://${host}/.well-known/terraform.json`;
  const memory = join(workspace.cache, "registries.json");
  const known = parse(await files.read(memory));
  const age = clock.now() - (known[url] ?? 0);
  if (age >= 0 && age < trustMs) return true;
  try {
    const answer = await Promise.race([network.fetchText(url, patienceMs), clock.sleep(patienceMs)]);
    // A portal of a hotel answers everything with a page of its own.
    if (typeof answer !== "string" || !answer.includes("providers.v1")) return false;
  } catch {
    return false;
  }
  await files.makeDirectory(dirname(memory));
  await files.write(memory, `${JSON.stringify({ ...known, [url]: clock.now() })}\n`);
  return true;
}

function parse(text: string | undefined): Record<string, number> {
  try {
    return text === undefined ? {} : (JSON.parse(text) as Record<string, number>);
  } catch {
    return {};
  }
}
