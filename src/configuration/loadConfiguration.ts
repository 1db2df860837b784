import { join, relative } from "node:path";
import type { Problem } from "../errors.ts";
import type { Ports } from "../ports/Ports.ts";
import type { Manifest } from "../providers/Manifest.ts";
import type { Workspace } from "../Workspace.ts";
import { assessWithSecrets, type SecretRequest } from "./assessWithSecrets.ts";
import { buildLayers } from "./buildLayers.ts";
import { checkApplicationSettings } from "./checkApplicationSettings.ts";
import { misspellingNotices, spellingNotices } from "./configurationNotices.ts";
import { checkService } from "./checkService.ts";
import { createNames } from "./createNames.ts";
import type { DeclaredApplication } from "./DeclaredApplication.ts";
import { expandValues, type Expansion } from "./expandValues.ts";
import { findEnvFile } from "./findEnvFile.ts";
import { leftPlaceholders } from "./leftPlaceholders.ts";
import type { Layers } from "./Layers.ts";
import { loweredProtection } from "./loweredProtection.ts";
import { foreignSettings, straySettings, undeclaredOverrides } from "./misplacedNames.ts";
import type { Names } from "./Names.ts";
import { otherProviders } from "./otherProviders.ts";
import { protectEnvFile } from "./protectEnvFile.ts";
import { providerVariable } from "./providerVariable.ts";
import { readEnvFile } from "./readEnvFile.ts";
import { readValuesFile } from "./readValuesFile.ts";
import { readEnvironment } from "./readEnvironment.ts";
import { resolveProviderSettings, type MissingSetting } from "./resolveProviderSettings.ts";
import { resolveStateSettings } from "./resolveStateSettings.ts";
import { sampleValues } from "./sampleValues.ts";
import { Secret, UnfetchedSecret } from "./Secret.ts";
import { layerOrder } from "./layerOrder.ts";
import type { StackConfiguration, StandardSettings, Value } from "./StackConfiguration.ts";
import { localState } from "./StateSettings.ts";
import { misplacedState, rivalCredentials } from "./stateProblems.ts";
import { validateStandardSettings } from "./validateStandardSettings.ts";

export interface ConfigurationRequest extends SecretRequest {
  workspace: Workspace;
  environment: string;
  /** Empty where only the environment is looked at. */
  provider: string;
  manifest: Manifest;
  /** From `parseAssignments`. */
  overrides: ReadonlyMap<string, string>;
  /** What the application in a folder declares; undefined where there is none. */
  application?: (directory: string) => Promise<DeclaredApplication | undefined>;
  /** Whether a missing environment file may be written from a template, and modes be corrected. */
  persist: boolean;
  /** Values for a rehearsal: templates will do, and secrets are samples. Nothing is written, decrypted or fetched. */
  rehearsal?: boolean;
  /**
   * Where a server is made or changed with these values: refuses what would be unsafe or useless there as well, and asks
   * for what only the caller can check. Problems of that check get the place of their key.
   */
  forService?: (standard: StandardSettings) => Promise<readonly Problem[]>;
}

/**
 * Everything that is known about one stack, from all layers. Throws `environment.unknown`, `environment.unconfigured`,
 * `configuration.invalid` with every problem of every file, and what `assessWithSecrets` and `readValuesFile` throw.
 */
export async function loadConfiguration(request: ConfigurationRequest, ports: Ports): Promise<StackConfiguration> {
  const { workspace, environment, provider, manifest, overrides, persist } = request;
  const stack = provider === "" ? environment : `${environment}/${provider}`;
  const others = await otherProviders(workspace, provider, ports.files);
  const rehearsal = request.rehearsal === true;
  const plainNames = createNames(manifest, others);
  const environmentFile = await readEnvironment(request, ports);
  const providerPath = join(workspace.providerConfiguration, `${provider}.env`);
  const [projectFile, stateFile, ownFile] = await Promise.all([
    readEnvFile(workspace.projectConfiguration, workspace, ports),
    rehearsal ? undefined : readValuesFile(workspace.stateConfiguration, workspace, false, ports),
    provider === "" ? undefined : readValuesFile(providerPath, workspace, rehearsal, ports),
  ]);
  const providerFile = ownFile ?? (rehearsal ? await readEnvFile(`${providerPath}.tpl`, workspace, ports) : undefined);
  if (environmentFile.file.endsWith(".env") && environmentFile.encrypted !== true) {
    await protectEnvFile(join(workspace.root, environmentFile.file), environmentFile, plainNames, persist, ports);
  }
  for (const [path, file] of [
    [providerPath, ownFile],
    [workspace.stateConfiguration, stateFile],
  ] as const) {
    if (file?.file.endsWith(".env") === true && file.encrypted !== true)
      await protectEnvFile(path, file, plainNames, persist, ports);
  }

  const process = ports.machine.environment;
  const { home } = ports.machine;
  const sources = { environment, manifest, providerFile, projectFile, stateFile, environmentFile, process, overrides };
  const application = await request.application?.(applicationDirectory(buildLayers(sources, plainNames), plainNames));
  const names = application === undefined ? plainNames : createNames(manifest, others, application);
  const layers = buildLayers({ ...sources, application }, names);
  const files = [projectFile, providerFile, stateFile, environmentFile].filter((file) => file !== undefined);
  const missing = await missingSetting(providerPath, request, ports);
  const expand = async (known: ReadonlyMap<string, string>): Promise<Expansion> => {
    const expansion = expandValues(layers, names, new Map([["HOME", home]]), known);
    return rehearsal ? sampleValues(expansion, manifest) : expansion;
  };
  const told = new Set<string>();
  // Values are judged twice where secrets are fetched.
  const tell: Ports["emit"] = (event) => {
    const text = JSON.stringify(event);
    if (!told.has(text)) ports.emit(event);
    told.add(text);
  };
  const assess = async (expansion: Expansion) => {
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
    const forProvider = resolveProviderSettings(manifest, expansion, missing);
    const ofApplication = rehearsal ? [] : checkApplicationSettings(expansion);
    const known = [
      ...leftPlaceholders(expansion),
      ...problems,
      ...stateProblems,
      ...ofApplication,
      ...forProvider.problems,
    ];
    const service = await checkService(request, { standard, expansion, application, known }, { emit: tell });
    const all: Problem[] = [
      ...files.flatMap((file) => file.problems),
      ...foreignSettings(providerFile, names, provider),
      ...straySettings(
        files.filter((file) => file !== providerFile),
        names,
        others,
      ),
      ...undeclaredOverrides(layers, names, providerVariable(manifest.name)),
      ...loweredProtection(layers),
      ...expansion.problems,
      ...known,
      ...misplacedState(stateFile),
      ...rivalCredentials(state, forProvider.pluginEnvironment),
      ...service,
      // Which ports are opened follows from it.
      ...(request.forService === undefined ? [] : (application?.problems ?? [])),
    ];
    // What is missing has no place yet: it would be written there.
    const placed = all.map((problem) => ({ where: environmentFile.file, ...problem }));
    return { standard, state, forProvider, problems: placed };
  };
  const expanded = await expand(new Map());
  for (const notice of spellingNotices(expanded, manifest)) ports.emit(notice);
  for (const notice of misspellingNotices(files, layers, names)) ports.emit(notice);
  const { standard, state, forProvider, expansion } = await assessWithSecrets(
    {
      needs: request.needs,
      verify: request.verify,
      expand,
      assess,
      subject: stack,
      hint: `correct what is listed, then check again: landfall config check ${stack}`,
      root: workspace.root,
    },
    ports,
  );
  const { settings, secrets, pluginEnvironment, unfetched } = forProvider;
  return {
    stack,
    environment,
    provider,
    standard,
    settings,
    pluginEnvironment,
    secrets,
    unfetched,
    state,
    values: listValues(expansion),
    files: files.map(({ file }) => file),
  };
}

/** From the layers that do not depend on the application itself. */
function applicationDirectory(layers: Layers, names: Names): string {
  return expandValues(layers, names, new Map()).values.get("APPLICATION_DIR")?.text ?? "";
}

async function missingSetting(
  path: string,
  { workspace, environment, provider }: ConfigurationRequest,
  { files }: Ports,
): Promise<MissingSetting> {
  const found = await findEnvFile(path, workspace, files);
  return {
    where: relative(workspace.root, found?.path ?? path),
    hint: `landfall configure ${environment} --provider ${provider} asks for it; or set it in the environment of the command`,
  };
}

function listValues({ values }: Expansion): Value[] {
  return [...values.values()]
    .map(({ key, text, secret, pending, origin, spelling }): Value => ({
      key,
      value: pending.length > 0 ? new UnfetchedSecret() : secret ? new Secret(text) : text,
      origin,
      ...(spelling === key ? {} : { spelling }),
    }))
    .sort(
      (a, b) => layerOrder.indexOf(a.origin.layer) - layerOrder.indexOf(b.origin.layer) || (a.key < b.key ? -1 : 1),
    );
}
