import type { Problem } from "../../errors.ts";
import type { Manifest } from "../../providers/Manifest.ts";
import { buildLayers } from "../buildLayers.ts";
import { checkApplicationSettings } from "../checkApplicationSettings.ts";
import { expandValues } from "../expandValues.ts";
import { leftPlaceholders } from "../leftPlaceholders.ts";
import type { Names } from "../Names.ts";
import { parseEnvFile } from "../parseEnvFile.ts";
import { resolveProviderSettings } from "../resolveProviderSettings.ts";
import { validateStandardSettings } from "../validateStandardSettings.ts";
import type { EnvDraft } from "./EnvDraft.ts";

export interface ValueContext {
  environment: string;
  manifest: Manifest;
  names: Names;
  drafts: readonly EnvDraft[];
  home: string;
  root: string;
}

/** What the validation of the stack would say of some values: the same checks, told of these values only. */
export function problemsOfValues(values: ReadonlyMap<string, string>, context: ValueContext): Problem[] {
  const { environment, manifest, names, drafts, home, root } = context;
  const textOf = (of: EnvDraft["of"]) => {
    const draft = drafts.find((candidate) => candidate.of === of);
    return draft === undefined ? undefined : parseEnvFile(draft.text, draft.file);
  };
  const layers = buildLayers(
    {
      environment,
      manifest,
      providerFile: textOf("provider"),
      environmentFile: textOf("environment"),
      process: {},
      overrides: values,
    },
    names,
  );
  const expansion = expandValues(layers, names, new Map([["HOME", home]]));
  const concerned = new Set([...values.keys()].map((key) => names.canonical(key)));
  return [
    ...expansion.problems,
    ...leftPlaceholders(expansion),
    ...validateStandardSettings(expansion, { environment, manifest, home, root }).problems,
    ...checkApplicationSettings(expansion),
    ...resolveProviderSettings(manifest, expansion, undefined).problems,
  ].filter(({ key }) => key !== undefined && concerned.has(names.canonical(key)));
}

/** The form that the validation wants a value to have, as its hint says it; undefined where any text will do. */
export function formOf(key: string, context: ValueContext): string | undefined {
  return problemsOfValues(new Map([[key, " "]]), context)[0]?.hint;
}
