import type { Prerequisite, ProviderBehaviour, ProviderContext } from "../providers/behaviour.ts";
import type { ManifestPrerequisite } from "../providers/Manifest.ts";

/** Everything that a provider needs of this computer: what its manifest lists and what its own check adds. Changes nothing. */
export async function collectPrerequisites(
  listed: readonly ManifestPrerequisite[],
  behaviour: ProviderBehaviour,
  context: ProviderContext,
): Promise<Prerequisite[]> {
  const [fromManifest, fromBehaviour] = await Promise.all([
    Promise.all(listed.map((entry) => checkCommand(entry, context))),
    behaviour.checkPrerequisites?.(context) ?? [],
  ]);
  return [...fromManifest, ...fromBehaviour];
}

async function checkCommand(entry: ManifestPrerequisite, context: ProviderContext): Promise<Prerequisite> {
  const { host } = context;
  const path = await host.which(entry.command);
  const name = entry.package ?? entry.command;
  return {
    id: `command-${entry.command}`,
    title: `${entry.command} (${entry.purpose})`,
    state: path === undefined ? "missing" : "met",
    optional: entry.optional,
    ...(path === undefined ? { fix: `apt-get install ${name}` } : { detail: path }),
    ...(path === undefined && !entry.optional && host.packages.supported
      ? { perform: () => host.packages.install([name]) }
      : {}),
  };
}
