import { join, relative } from "node:path";
import type { Problem } from "../errors.ts";
import type { Ports } from "../ports/Ports.ts";
import type { Manifest } from "../providers/Manifest.ts";
import type { Workspace } from "../Workspace.ts";
import { buildLayers } from "./buildLayers.ts";
import { checkApplicationSettings } from "./checkApplicationSettings.ts";
import { misspellingNotices, spellingNotices } from "./configurationNotices.ts";
import { checkService } from "./checkService.ts";
import { createNames } from "./createNames.ts";
import { expandValues, type Expansion } from "./expandValues.ts";
import { invalidConfiguration } from "./invalidConfiguration.ts";
import { leftPlaceholders } from "./leftPlaceholders.ts";
import { foreignSettings, straySettings, undeclaredOverrides } from "./misplacedNames.ts";
import { otherProviders } from "./otherProviders.ts";
import { protectEnvFile } from "./protectEnvFile.ts";
import { providerVariable } from "./providerVariable.ts";
import { readEnvFile } from "./readEnvFile.ts";
import { readEnvironment } from "./readEnvironment.ts";
import { resolveProviderSettings, type MissingSetting } from "./resolveProviderSettings.ts";
import { resolveStateSettings } from "./resolveStateSettings.ts";
import { sampleValues } from "./sampleValues.ts";
import { Secret } from "./Secret.ts";
import { layerOrder } from "./layerOrder.ts";
import type { StackConfiguration, StandardSettings, Value } from "./StackConfiguration.ts";
import { localState } from "./StateSettings.ts";
import { misplacedState, rivalCredentials } from "./stateProblems.ts";
import { validateStandardSettings } from "./validateStandardSettings.ts";

export interface ConfigurationRequest {
  workspace: Workspace;
  environment: string;
  /** Empty where only the environment is looked at. */
  provider: string;
  manifest: Manifest;
  /** From `parseAssignments`. */
  overrides: ReadonlyMap<string, string>;
  /** Whether a missing environment file may be written from a template, and modes be corrected. */
  persist: boolean;
  /** Values for a rehearsal: templates will do, and secrets are samples. Nothing is written. */
  rehearsal?: boolean;
  /**
   * Where a server is made or changed with these values: refuses what would be unsafe or useless there as well, and asks
   * for what only the caller can check. Problems of that check get the place of their key.
   */
  forService?: (standard: StandardSettings) => Promise<readonly Problem[]>;
}

/**
 * Everything that is known about one stack, from all layers. Throws `environment.unknown`, `environment.unconfigured`,
 * and `configuration.invalid` with every problem of every file.
 */
export async function loadConfiguration(request: ConfigurationRequest, ports: Ports): Promise<StackConfiguration> {
  const { workspace, environment, provider, manifest, overrides, persist } = request;
  const stack = provider === "" ? environment : `${environment}/${provider}`;
  const others = await otherProviders(workspace, provider, ports.files);
  const names = createNames(manifest, others);
  const rehearsal = request.rehearsal === true;
  const environmentFile = await readEnvironment(request, ports);
  const providerPath = join(workspace.providerConfiguration, `${provider}.env`);
  const [projectFile, stateFile, ownFile] = await Promise.all([
    readEnvFile(workspace.projectConfiguration, workspace, ports),
    rehearsal ? undefined : readEnvFile(workspace.stateConfiguration, workspace, ports),
    provider === "" ? undefined : readEnvFile(providerPath, workspace, ports),
  ]);
  const providerFile = ownFile ?? (rehearsal ? await readEnvFile(`${providerPath}.tpl`, workspace, ports) : undefined);
  if (environmentFile.file.endsWith(".env")) {
    await protectEnvFile(join(workspace.root, environmentFile.file), environmentFile, names, persist, ports);
  }
  if (ownFile !== undefined) await protectEnvFile(providerPath, ownFile, names, persist, ports);
  if (stateFile !== undefined) await protectEnvFile(workspace.stateConfiguration, stateFile, names, persist, ports);

  const process = ports.machine.environment;
  const layers = buildLayers(
    { environment, manifest, providerFile, projectFile, stateFile, environmentFile, process, overrides },
    names,
  );
  const { home } = ports.machine;
  const expanded = expandValues(layers, names, new Map([["HOME", home]]));
  const expansion = rehearsal ? await sampleValues(expanded, manifest) : expanded;
  const files = [projectFile, providerFile, stateFile, environmentFile].filter((file) => file !== undefined);
  const { standard, problems } = validateStandardSettings(expansion, {
    environment,
    manifest,
    home,
    root: workspace.root,
  });
  const { project } = standard;
  const isProtected = standard.protected && !problems.some(({ key }) => key === "PROTECTED");
  const place = {
    environment,
    file: environmentFile.file,
    provider,
    project,
    protected: isProtected,
    layers: layerOrder,
  };
  const { state, problems: stateProblems } = rehearsal
    ? { state: localState, problems: [] }
    : resolveStateSettings(expansion, place);
  const forProvider = resolveProviderSettings(manifest, expansion, missingSetting(providerPath, request));
  const application = rehearsal ? [] : checkApplicationSettings(expansion);
  const known = [
    ...leftPlaceholders(expansion),
    ...problems,
    ...stateProblems,
    ...application,
    ...forProvider.problems,
  ];
  const service = await checkService(request, { standard, expansion, known }, ports);
  const all = [
    ...files.flatMap((file) => file.problems),
    ...foreignSettings(providerFile, names, provider),
    ...straySettings(
      files.filter((file) => file !== providerFile),
      names,
      others,
    ),
    ...undeclaredOverrides(layers, names, providerVariable(manifest.name)),
    ...expansion.problems,
    ...known,
    ...misplacedState(stateFile),
    ...rivalCredentials(state, forProvider.pluginEnvironment),
    ...service,
  ];
  for (const notice of spellingNotices(expansion, manifest)) ports.emit(notice);
  for (const notice of misspellingNotices(files, layers, names)) ports.emit(notice);
  if (all.length > 0) {
    // What is missing has no place yet: it would be written there.
    const placed = all.map((problem) => ({ where: environmentFile.file, ...problem }));
    throw invalidConfiguration(
      stack,
      placed,
      `correct what is listed, then check again: landfall config check ${stack}`,
    );
  }
  const { settings, secrets, pluginEnvironment } = forProvider;
  return {
    stack,
    environment,
    provider,
    standard,
    settings,
    pluginEnvironment,
    secrets,
    state,
    values: listValues(expansion),
    files: files.map(({ file }) => file),
  };
}

function missingSetting(path: string, { workspace, environment, provider }: ConfigurationRequest): MissingSetting {
  return {
    where: relative(workspace.root, path),
    hint: `landfall configure ${environment} --provider ${provider} asks for it; or set it in the environment of the command`,
  };
}

function listValues({ values }: Expansion): Value[] {
  return [...values.values()]
    .map(({ key, text, secret, origin, spelling }): Value => ({
      key,
      value: secret ? new Secret(text) : text,
      origin,
      ...(spelling === key ? {} : { spelling }),
    }))
    .sort(
      (a, b) => layerOrder.indexOf(a.origin.layer) - layerOrder.indexOf(b.origin.layer) || (a.key < b.key ? -1 : 1),
    );
}
