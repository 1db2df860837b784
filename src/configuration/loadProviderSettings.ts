import { join } from "node:path";
import type { Ports } from "../ports/Ports.ts";
import type { Manifest } from "../providers/Manifest.ts";
import type { Workspace } from "../Workspace.ts";
import { buildLayers } from "./buildLayers.ts";
import { createNames } from "./createNames.ts";
import { expandValues } from "./expandValues.ts";
import { invalidConfiguration } from "./invalidConfiguration.ts";
import { foreignSettings } from "./misplacedNames.ts";
import { otherProviders } from "./otherProviders.ts";
import { readEnvFile } from "./readEnvFile.ts";
import { resolveProviderSettings, type ProviderValues } from "./resolveProviderSettings.ts";

/**
 * A provider's settings without any environment: manifest, provider file, project file, process
 * environment. Nothing is required, and what cannot be expanded without an environment is left out.
 * Throws `configuration.invalid` for what is wrong all the same.
 */
export async function loadProviderSettings(
  { workspace, manifest }: { workspace: Workspace; manifest: Manifest },
  ports: Ports,
): Promise<Pick<ProviderValues, "settings" | "secrets">> {
  const provider = manifest.name;
  const names = createNames(manifest, await otherProviders(workspace, provider, ports.files));
  const [projectFile, providerFile] = await Promise.all([
    readEnvFile(workspace.projectConfiguration, workspace, ports),
    readEnvFile(join(workspace.providerConfiguration, `${provider}.env`), workspace, ports),
  ]);
  const process = ports.machine.environment;
  const layers = buildLayers(
    { environment: undefined, manifest, providerFile, projectFile, process, overrides: new Map() },
    names,
  );
  const expansion = expandValues(layers, names, new Map([["HOME", ports.machine.home]]));
  const { settings, secrets, problems } = resolveProviderSettings(manifest, expansion, undefined);
  const all = [
    ...(projectFile?.problems ?? []),
    ...(providerFile?.problems ?? []),
    ...foreignSettings(providerFile, names, provider),
    ...problems,
  ];
  if (all.length === 0) return { settings, secrets };
  throw invalidConfiguration(
    `provider ${provider}`,
    all,
    `correct what is listed, then look again: landfall doctor ${provider}`,
  );
}
