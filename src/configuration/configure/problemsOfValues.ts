import type { Problem } from "../../errors.ts";
import type { Manifest } from "../../providers/Manifest.ts";
import { buildLayers } from "../buildLayers.ts";
import { checkApplicationSettings } from "../checkApplicationSettings.ts";
import type { EnvFile } from "../EnvFile.ts";
import { checkOpenPorts } from "../checkOpenPorts.ts";
import { checkPublicNames } from "../checkPublicNames.ts";
import { isLenient } from "../checkService.ts";
import { expandValues } from "../expandValues.ts";
import { layerOrder } from "../layerOrder.ts";
import { leftPlaceholders } from "../leftPlaceholders.ts";
import type { Names } from "../Names.ts";
import { parseEnvFile } from "../parseEnvFile.ts";
import { resolveProviderSettings } from "../resolveProviderSettings.ts";
import { resolveStateSettings } from "../resolveStateSettings.ts";
import { validateStandardSettings } from "../validateStandardSettings.ts";
import { weakSecrets } from "../weakSecrets.ts";
import type { EnvDraft } from "./EnvDraft.ts";
import { entriesOf, splitEnvText } from "./splitEnvText.ts";

export interface ValueContext {
  environment: string;
  manifest: Manifest;
  names: Names;
  drafts: readonly EnvDraft[];
  /** Where the states of all stacks are kept. */
  stateFile: EnvFile | undefined;
  home: string;
  root: string;
}

/** What the validation of the stack would say of some values: the same checks, told of these values only. */
export function problemsOfValues(values: ReadonlyMap<string, string>, context: ValueContext): Problem[] {
  const concerned = new Set([...values.keys()].map((key) => context.names.canonical(key)));
  return problemsWith(values, context).filter(
    ({ key }) => key !== undefined && concerned.has(context.names.canonical(key)),
  );
}

/** Whether the state has to be encrypted, and no file says with which key. */
export function wantsStateKey(context: ValueContext): boolean {
  const key = "STATE_ENCRYPTION_KEY";
  const isSet = context.drafts.some(({ text }) => entriesOf(splitEnvText(text)).some((entry) => entry.key === key));
  return !isSet && problemsWith(new Map(), context).some((problem) => problem.key === key);
}

function problemsWith(values: ReadonlyMap<string, string>, context: ValueContext): Problem[] {
  const { environment, manifest, names, drafts, stateFile, home, root } = context;
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
      stateFile,
      process: {},
      overrides: values,
    },
    names,
  );
  const expansion = expandValues(layers, names, new Map([["HOME", home]]));
  const { standard, problems } = validateStandardSettings(expansion, { environment, manifest, home, root });
  const ofState = {
    environment,
    file: "",
    provider: manifest.name,
    project: standard.project,
    protected: standard.protected && !problems.some(({ key }) => key === "PROTECTED"),
    layers: layerOrder,
  };
  const malformed = [
    ...expansion.problems,
    ...leftPlaceholders(expansion),
    ...problems,
    ...resolveStateSettings(expansion, ofState).problems,
    ...checkApplicationSettings(expansion),
    ...resolveProviderSettings(manifest, expansion, undefined).problems,
  ];
  const unfit = isLenient(environment)
    ? []
    : [...weakSecrets(expansion), ...checkOpenPorts(expansion), ...checkPublicNames(expansion)];
  return [...malformed, ...unfit.filter(({ key }) => !malformed.some((problem) => problem.key === key))];
}

/** The form that the validation wants a value to have, as its hint says it; undefined where any text will do. */
export function formOf(key: string, context: ValueContext): string | undefined {
  return problemsOfValues(new Map([[key, " "]]), context)[0]?.hint;
}
