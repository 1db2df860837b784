import { join } from "node:path";
import type { Ports } from "../ports/Ports.ts";
import type { Manifest } from "../providers/Manifest.ts";
import type { Workspace } from "../Workspace.ts";
import { assessWithSecrets, type SecretRequest } from "./assessWithSecrets.ts";
import { buildLayers } from "./buildLayers.ts";
import { createNames } from "./createNames.ts";
import { expandValues } from "./expandValues.ts";
import { foreignSettings } from "./misplacedNames.ts";
import { otherProviders } from "./otherProviders.ts";
import { providerVariable } from "./providerVariable.ts";
import { readEnvFile } from "./readEnvFile.ts";
import { readValuesFile } from "./readValuesFile.ts";
import { resolveProviderSettings, type ProviderValues } from "./resolveProviderSettings.ts";
import { sampleValues } from "./sampleValues.ts";

export interface ProviderSettingsRequest extends Pick<SecretRequest, "needs"> {
  workspace: Workspace;
  manifest: Manifest;
  /** Secrets are samples, and nothing is decrypted. */
  rehearsal?: boolean;
}

/**
 * A provider's settings without any environment: manifest, provider file, project file, process
 * environment. Nothing is required, and what cannot be expanded without an environment is left out.
 * Throws `configuration.invalid` for what is wrong all the same.
 */
export async function loadProviderSettings(
  { workspace, manifest, needs, rehearsal = false }: ProviderSettingsRequest,
  ports: Ports,
): Promise<Omit<ProviderValues, "pluginEnvironment" | "problems">> {
  const provider = manifest.name;
  const names = createNames(manifest, await otherProviders(workspace, provider, ports.files));
  const [projectFile, providerFile] = await Promise.all([
    readEnvFile(workspace.projectConfiguration, workspace, ports),
    readValuesFile(join(workspace.providerConfiguration, `${provider}.env`), workspace, rehearsal, ports),
  ]);
  const process = ports.machine.environment;
  const layers = buildLayers(
    { environment: undefined, manifest, providerFile, projectFile, process, overrides: new Map() },
    names,
  );
  const readable = new Map([["HOME", ports.machine.home]]);
  const { settings, secrets, unfetched } = await assessWithSecrets(
    {
      expand: async (known) => {
        const expansion = expandValues(layers, names, readable, known);
        return rehearsal ? sampleValues(expansion, manifest) : expansion;
      },
      assess: (expansion) => {
        const forProvider = resolveProviderSettings(manifest, expansion, undefined);
        const problems = [
          ...(projectFile?.problems ?? []),
          ...(providerFile?.problems ?? []),
          ...foreignSettings(providerFile, names, provider),
          ...forProvider.problems,
        ];
        return { ...forProvider, problems };
      },
      subject: `provider ${provider}`,
      hint: `correct what is listed, then look again: landfall doctor ${provider}`,
      root: workspace.root,
      needs: needs === undefined ? undefined : (key) => key.startsWith(providerVariable(provider)) && needs(key),
    },
    ports,
  );
  return { settings, secrets, unfetched };
}
