// Facts about the engine, beside the engine: no code of another layer.
// oxlint-disable-next-line no-restricted-imports
import table from "../../engine/backends.json" with { type: "json" };

/** What has to be known of one of the engine's backends; everything else is passed on as it is. */
export interface StateBackend {
  /** The argument that tells states apart, and what it is where the user does not say. */
  place: { argument: string; default?: string; longest?: number };
  required: readonly string[];
  /** Arguments that differ from the engine's own defaults. */
  defaults?: Readonly<Record<string, string>>;
  /** Secret arguments, and the variables from which the engine takes them: so they reach neither a file nor argv. */
  secrets: Readonly<Record<string, string>>;
  /** The variable that names a session, so that others see who holds a lock. */
  session?: string;
  /** Variables that the backend reads by itself. */
  environment: readonly string[];
}

/** The engine's backends besides `local`, by name. */
export const stateBackends: ReadonlyMap<string, StateBackend> = new Map(Object.entries<StateBackend>(table));

/** The variable for an argument of a backend. */
export function stateVariable(argument: string): string {
  return `STATE_${argument.toUpperCase()}`;
}

const secretArguments = new Set([...stateBackends.values()].flatMap(({ secrets }) => Object.keys(secrets)));
const places = new Set([...stateBackends.values()].map(({ place }) => place.argument));

/** Variables of state that may stand in the environment of a command although no file mentions them. */
export const stateVariables: readonly string[] = [
  ...new Set([...stateBackends.values()].flatMap(({ required }) => required)),
  ...secretArguments,
  ...places,
]
  .filter((argument, index, all) => all.indexOf(argument) === index)
  .map(stateVariable);

/** Whether a `STATE_` variable is secret; undefined where only its name can tell. */
export function isStateSecret(name: string): boolean | undefined {
  const argument = /^STATE_(.+)$/.exec(name)?.[1]?.toLowerCase();
  if (argument === undefined) return undefined;
  if (places.has(argument)) return false;
  return secretArguments.has(argument) || argument.startsWith("encryption_key") ? true : undefined;
}
