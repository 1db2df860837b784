import type { Problem } from "../errors.ts";
import type { EnvFile } from "./EnvFile.ts";
import type { Secret } from "./Secret.ts";
import { suggest } from "./suggest.ts";
import { stateVariables } from "./stateBackends.ts";
import type { StateSettings } from "./StateSettings.ts";

/** What has no place in `state.env`: it would quietly count for every stack. */
export function misplacedState(stateFile: EnvFile | undefined): Problem[] {
  return (stateFile?.entries ?? [])
    .filter(({ key }) => !key.startsWith("STATE_"))
    .map(({ key, line }) => {
      const meant = suggest(key, ["STATE_BACKEND", ...stateVariables]);
      return {
        where: `${stateFile?.file}:${line}`,
        key,
        message: `${key} is no setting of the state, and only those stand in this file`,
        hint: meant === undefined ? "move it to the environment's file" : `did you mean ${meant}?`,
      };
    });
}

/** The engine and the plugin share one environment: the same variable cannot mean two accounts. */
export function rivalCredentials(
  { backend, environment }: StateSettings,
  plugin: Readonly<Record<string, string | Secret>>,
): Problem[] {
  return Object.entries(environment)
    .filter(([name, value]) => name in plugin && reveal(plugin[name]) !== reveal(value))
    .map(([name]) => ({
      key: name,
      message: `the provider's plugin and STATE_BACKEND=${backend} both take ${name}, and their values differ`,
      hint: "give the backend its credentials in another way, such as a profile or a file of credentials",
    }));
}

function reveal(value: string | Secret | undefined): string | undefined {
  return typeof value === "object" ? value.reveal() : value;
}
