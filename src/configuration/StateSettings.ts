import type { Secret } from "./Secret.ts";

/** Where the engine keeps the state of one stack, and how it is encrypted. */
export interface StateSettings {
  /** As the engine names it. */
  backend: string;
  /** Arguments of the backend's block, `{stack}` filled in; no secrets. Empty for `local`. */
  arguments: Readonly<Record<string, unknown>>;
  /** What tells this place from others among the secret arguments, without user and password. */
  address: Readonly<Record<string, string>>;
  /** Secret arguments, by the variable from which the engine takes them; without those that are kept elsewhere and were not asked for. */
  environment: Readonly<Record<string, string | Secret>>;
  /** Variables of the user's own environment that the backend reads; `*` at the end stands for anything. */
  passThrough: readonly string[];
  /** Undefined: the state is kept in plain text. */
  key: Secret | undefined;
  /** The key before the last change: what is encrypted with it can still be read. */
  previousKey: Secret | undefined;
}

export const localState: StateSettings = {
  backend: "local",
  arguments: {},
  address: {},
  environment: {},
  passThrough: [],
  key: undefined,
  previousKey: undefined,
};
