import type { Part } from "./EnvFile.ts";
import { knownVariables } from "./knownVariables.ts";
import { literalDefinition, type LayerContent, type Layers } from "./Layers.ts";
import type { Names } from "./Names.ts";
import { steeringName } from "./steeringName.ts";

/**
 * What the process environment says. Only declared names count: the standard ones, those of the provider, those that a
 * file sets, and those that a file refers to. An empty variable counts as absent, because make and CI systems pass on
 * empty ones that nobody set; `--set KEY=` sets an empty value. ENVIRONMENT is left out: the stack's name says it, and
 * make exports its own variables.
 * @param prefix how the variables of the provider begin
 */
export function processLayer(
  environment: Readonly<Record<string, string | undefined>>,
  below: Layers,
  names: Names,
  prefix: string,
): LayerContent {
  const declared = declaredNames(below, names);
  const given = Object.entries(environment).filter(
    ([name, value]) =>
      value !== undefined &&
      value !== "" &&
      name !== "ENVIRONMENT" &&
      (declared.has(name) || declared.has(names.canonical(name)) || name.startsWith(prefix)) &&
      steeringName(name) === undefined,
  );
  const definitions = given.map(
    ([name, value]) => [name, literalDefinition(name, value ?? "", { layer: "process environment" })] as const,
  );
  return { layer: "process environment", definitions: new Map(definitions) };
}

/** Names that files and manifest set or refer to, the standard ones, the provider's and the application's. */
export function declaredNames(layers: Layers, names: Names): Set<string> {
  const definitions = layers.flatMap((layer) => [...layer.definitions.values()]);
  const mentioned = definitions.flatMap(({ spelling, parts }) => [spelling, ...references(parts ?? [])]);
  return new Set(
    [...knownVariables, ...names.settings, ...names.ofApplication, ...mentioned].flatMap((name) =>
      names.spellings(names.canonical(name)),
    ),
  );
}

function references(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => (part.kind !== "reference" ? [] : [part.name, ...references(part.fallback ?? [])]));
}
