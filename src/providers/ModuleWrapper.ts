import type { ModuleDescription } from "../engine/engineJson.ts";
import type { ProviderBehaviour, StackContext } from "./behaviour.ts";

/** Stands between the root module and a module that was not written for the contract: the folder itself is linked below it. */
export interface ModuleWrapper {
  /** Text of its `main.tf.json`; the folder is `./module`. */
  text: string;
  /** The root module's `settings`, in place of the provider's own. No secrets. */
  settings: Readonly<Record<string, unknown>>;
  /** For the engine's environment alone. */
  secretEnvironment: Readonly<Record<string, string>>;
  /** What is secret in there, piece by piece. */
  secrets: readonly string[];
  /** Whether the machine gets the root module's user data, and with it the host key that was made for it. */
  takesUserData: boolean;
}

/** What code of a folder can do, whatever it is written in. */
export interface LoadedBehaviour extends ProviderBehaviour {
  /** For a module that does not keep the contract itself. Called before every plan, in place of `prepare`. */
  wrapModule?(context: StackContext, describe: (folder: string) => Promise<ModuleDescription>): Promise<ModuleWrapper>;
}
