import type { Manifest } from "../providers/Manifest.ts";
import type { DeclaredApplication } from "./DeclaredApplication.ts";
import type { EnvFile } from "./EnvFile.ts";
import { builtInDefaults } from "./knownVariables.ts";
import { literalDefinition, type Definition, type LayerContent, type Layers } from "./Layers.ts";
import type { Names } from "./Names.ts";
import { parseEnvFile } from "./parseEnvFile.ts";
import { processLayer } from "./processLayer.ts";
import { providerVariable } from "./providerVariable.ts";
import type { Layer } from "./StackConfiguration.ts";

export interface LayerSources {
  /** Undefined where the provider is looked at without any environment. */
  environment: string | undefined;
  manifest: Pick<Manifest, "name" | "settings" | "defaults">;
  application?: DeclaredApplication | undefined;
  providerFile?: EnvFile | undefined;
  projectFile?: EnvFile | undefined;
  stateFile?: EnvFile | undefined;
  environmentFile?: EnvFile | undefined;
  process: Readonly<Record<string, string | undefined>>;
  overrides: ReadonlyMap<string, string>;
}

/** Puts the layers on top of each other, lowest first. */
export function buildLayers(sources: LayerSources, names: Names): Layers {
  const { environment, manifest, process, overrides } = sources;
  const layers: LayerContent[] = [
    { layer: "built-in", definitions: environment === undefined ? new Map() : builtIn(environment) },
    { layer: "application", definitions: fromApplication(sources.application) },
    { layer: "manifest", definitions: fromManifest(manifest) },
    fromFile("provider file", sources.providerFile),
    fromFile("project file", sources.projectFile),
    fromFile("state file", sources.stateFile),
    fromFile("environment file", sources.environmentFile),
  ];
  const given = [...overrides].map(
    ([key, text]) => [key, literalDefinition(key, text, { layer: "command line" })] as const,
  );
  return [
    ...layers,
    processLayer(process, layers, names, providerVariable(manifest.name)),
    { layer: "command line", definitions: new Map(given) },
  ];
}

function builtIn(environment: string): Map<string, Definition> {
  const text = Object.entries(builtInDefaults(environment)).map(([key, value]) => `${key}=${value}\n`);
  const { entries } = parseEnvFile(text.join(""), "built-in");
  const origin = { layer: "built-in" } as const;
  return new Map(entries.map(({ key, parts }) => [key, { spelling: key, parts, origin }]));
}

function fromApplication(application: DeclaredApplication | undefined): Map<string, Definition> {
  const { file = "", settings = {}, openPorts } = application ?? {};
  const values: [string, string, number | undefined][] = Object.entries(settings).flatMap(([key, setting]) =>
    setting.default === undefined ? [] : [[key, setting.default, setting.line]],
  );
  if (openPorts !== undefined) values.push(["OPEN_PORTS", openPorts.text, openPorts.line]);
  return new Map(
    values.map(([key, text, line]) => [
      key,
      literalDefinition(key, text, { layer: "application", file, ...(line === undefined ? {} : { line }) }),
    ]),
  );
}

function fromManifest({ name, settings, defaults }: LayerSources["manifest"]): Map<string, Definition> {
  const values: [string, string][] = Object.entries(defaults).map(([key, size]) => [
    `${key.toUpperCase()}_DEFAULT`,
    String(size),
  ]);
  for (const [key, setting] of Object.entries(settings)) {
    if (setting.default !== undefined) values.push([providerVariable(name, key), setting.default]);
  }
  return new Map(values.map(([key, text]) => [key, literalDefinition(key, text, { layer: "manifest" })]));
}

function fromFile(layer: Layer, envFile: EnvFile | undefined): LayerContent {
  const entries = envFile?.entries ?? [];
  const definitions = entries.map(({ key, line, parts }): [string, Definition] => [
    key,
    { spelling: key, parts, origin: { layer, file: envFile?.file ?? "", line } },
  ]);
  return { layer, definitions: new Map(definitions) };
}
