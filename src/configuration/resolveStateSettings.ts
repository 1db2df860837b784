import type { Problem } from "../errors.ts";
import type { ExpandedValue, Expansion } from "./expandValues.ts";
import { hiddenSecret } from "./hiddenSecret.ts";
import { secretText } from "./parseScalars.ts";
import { Secret, UnfetchedSecret } from "./Secret.ts";
import { SettingReader } from "./SettingReader.ts";
import type { Layer } from "./StackConfiguration.ts";
import { stateBackends, stateVariable, type StateBackend } from "./stateBackends.ts";
import { localState, type StateSettings } from "./StateSettings.ts";
import { suggest } from "./suggest.ts";
import { withoutCredentials } from "./withoutCredentials.ts";

interface StateContext {
  environment: string;
  /** The environment's file, relative to the root. */
  file: string;
  provider: string;
  project: string;
  protected: boolean;
  /** Lowest first. */
  layers: readonly Layer[];
}

const own = ["STATE_BACKEND", "STATE_ENCRYPTION_KEY", "STATE_ENCRYPTION_KEY_PREVIOUS"];
/** The engine's own minimum for a passphrase. */
const shortestKey = 16;

/**
 * Where the state of a stack is kept: STATE_BACKEND, and every other `STATE_X` as the backend's argument `x`. Arguments
 * of a lower layer than the one that names the backend are those of another backend, and do not count.
 */
export function resolveStateSettings(
  expansion: Expansion,
  context: StateContext,
): { state: StateSettings; problems: readonly Problem[] } {
  const reader = new SettingReader(expansion);
  const keys = readKeys(reader, expansion, context);
  const named = expansion.values.get("STATE_BACKEND");
  const values = givenArguments(expansion, named, context);
  const backend = reader.read("STATE_BACKEND", parseBackend) ?? "local";
  if (named === undefined) {
    for (const { key } of values) {
      reader.report(key, `${key} is set, but no STATE_BACKEND`, "name the backend that it is for: STATE_BACKEND=pg");
    }
  }
  if (backend === "local") return { state: { ...localState, ...keys }, problems: reader.problems };

  const known = stateBackends.get(backend);
  const state = {
    backend,
    arguments: { ...known?.defaults } as Record<string, unknown>,
    address: {} as Record<string, string>,
    environment: {} as Record<string, Secret>,
    passThrough: known?.environment ?? [],
    ...keys,
  };
  for (const value of values) take(value, backend, known, state, reader, context);
  if (known !== undefined) {
    checkRequired(backend, known, values, reader);
    choosePlace(backend, known, values, state.arguments, reader, context);
  }
  return { state, problems: reader.problems };
}

function parseBackend(text: string) {
  if (text === "local" || stateBackends.has(text)) return { value: text };
  const names = ["local", ...stateBackends.keys()];
  const meant = suggest(text, names);
  const unfit = ["remote", "cloud", "inmem"].includes(text);
  // Later engines may have more.
  if (/^[a-z][a-z0-9_]*$/.test(text) && !unfit && meant === undefined) return { value: text };
  return {
    message: unfit ? `is ${text}, which has no state for one stack alone` : "names no backend of the engine",
    hint: meant === undefined || unfit ? `write one of ${names.join(", ")}` : `did you mean ${meant}?`,
  };
}

/** What counts as an argument of the named backend. */
function givenArguments(
  { values }: Expansion,
  named: ExpandedValue | undefined,
  { layers }: StateContext,
): ExpandedValue[] {
  const rank = named === undefined ? 0 : layers.indexOf(named.origin.layer);
  return [...values.values()].filter(
    ({ key, text, origin }) =>
      key.startsWith("STATE_") && !own.includes(key) && text !== "" && layers.indexOf(origin.layer) >= rank,
  );
}

function take(
  { key, text, secret, pending }: ExpandedValue,
  backend: string,
  known: StateBackend | undefined,
  state: {
    arguments: Record<string, unknown>;
    address: Record<string, string>;
    environment: Record<string, string | Secret>;
  },
  reader: SettingReader,
  context: StateContext,
): void {
  const argument = key.slice("STATE_".length).toLowerCase();
  const filled = fill(text, context);
  const variable = known?.secrets[argument];
  if (variable !== undefined) {
    if (pending.length > 0) return;
    if (/^[a-z]+:\/\/[^/?#]*[/?#][^]*@/i.test(filled)) {
      const hint = "write them percent-encoded: / is %2F, ? is %3F, # is %23, @ is %40";
      reader.report(key, `${key} has an @ behind a /, ? or #, as in a password with such characters`, hint);
    }
    state.environment[variable] = new Secret(filled);
    const address = withoutCredentials(filled);
    if (address !== undefined) state.address[argument] = address;
    return;
  }
  if (secret) {
    const hint = `use the variable that the backend itself reads, in the environment of the command`;
    return reader.report(key, `${key} is secret, and backend ${backend} takes no such argument from there`, hint);
  }
  if (/^[a-z]+:\/\/[^/\s]*@/i.test(filled)) {
    const hint = "write them as STATE_USERNAME and STATE_PASSWORD";
    return reader.report(key, `${key} contains a user and perhaps a password`, hint);
  }
  const value = parseArgument(filled);
  if (value === undefined) {
    const hint = `write it as JSON, in single quotes: '["a","b"]', '{"a":"b"}'`;
    return reader.report(key, `${key} begins like a list or a map, but is no JSON`, hint);
  }
  const hidden = hiddenSecret(value);
  if (hidden !== undefined) {
    const hint = `give credentials as ${credentialsOf(known)}`;
    return reader.report(key, `${key} contains ${hidden}, and would stand in a file in plain text`, hint);
  }
  state.arguments[argument] = value;
}

function parseArgument(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function credentialsOf(known: StateBackend | undefined): string {
  const names = Object.keys(known?.secrets ?? {}).map(stateVariable);
  return names.length === 0 ? "variables that the backend itself reads" : names.join(" or ");
}

function checkRequired(
  backend: string,
  { required, secrets }: StateBackend,
  values: readonly ExpandedValue[],
  reader: SettingReader,
): void {
  for (const argument of required) {
    const key = stateVariable(argument);
    if (values.some((value) => value.key === key)) continue;
    const way = argument in secrets ? ` (in a file: --set ${key}=@FILE)` : "";
    reader.report(key, `${key} is not set, and STATE_BACKEND=${backend} needs it`, `set ${key}${way}`);
  }
}

/** Two stacks in one place would take each other's machines for their own. */
function choosePlace(
  backend: string,
  { place }: StateBackend,
  values: readonly ExpandedValue[],
  target: Record<string, unknown>,
  reader: SettingReader,
  context: StateContext,
): void {
  const key = stateVariable(place.argument);
  const given = values.find((value) => value.key === key);
  if (given === undefined && place.default !== undefined) target[place.argument] = fill(place.default, context);
  if (given !== undefined && !/\{stack\}/.test(given.text) && !/\{environment\}[^]*\{provider\}/.test(given.text)) {
    reader.report(
      key,
      `${key} is the same for every stack: their states would overwrite each other`,
      `put {stack} into it${place.default === undefined ? "" : `, or leave it out: it is then ${place.default}`}`,
    );
  }
  const length = Buffer.byteLength(String(target[place.argument] ?? ""));
  if (place.longest !== undefined && length > place.longest) {
    reader.report(
      key,
      `${place.argument} of ${backend} would be ${length} bytes long, and is cut after ${place.longest}`,
      `set ${key} to something shorter, such as {environment}_{provider}`,
    );
  }
}

function fill(text: string, { project, environment, provider }: StateContext): string {
  const names: Record<string, string> = { project, environment, provider, stack: `${environment}/${provider}` };
  return text.replace(/\{(project|environment|provider|stack)\}/g, (_all, name: string) => names[name] ?? "");
}

function readKeys(
  reader: SettingReader,
  { values, failed }: Expansion,
  { environment, file, protected: isProtected }: StateContext,
): Pick<StateSettings, "key" | "previousKey"> {
  const read = (key: string): Secret | undefined => {
    const text = reader.text(key);
    if (text === undefined) return undefined;
    if ((values.get(key)?.pending ?? []).length > 0) return new UnfetchedSecret();
    reader.checkSecret(key, secretText);
    if (text.length < shortestKey) {
      const hint = "give at least 16; better 40 random ones: openssl rand -hex 20";
      reader.report(key, `${key} has ${text.length} characters`, hint);
    }
    return new Secret(text);
  };
  const key = read("STATE_ENCRYPTION_KEY");
  const previousKey = read("STATE_ENCRYPTION_KEY_PREVIOUS");
  if (isProtected && !values.has("STATE_ENCRYPTION_KEY") && !failed.has("STATE_ENCRYPTION_KEY")) {
    reader.problems.push({
      where: file,
      key: "STATE_ENCRYPTION_KEY",
      message: `STATE_ENCRYPTION_KEY is not set: the state of a protected environment is encrypted, since it holds private keys`,
      hint: `landfall configure ${environment} adds one; with an empty value the state stays in plain text`,
    });
  }
  return { key, previousKey };
}
