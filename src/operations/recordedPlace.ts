import { Secret } from "../configuration/Secret.ts";
import { stateBackends, stateVariable } from "../configuration/stateBackends.ts";
import type { StatePlace } from "../engine/createStateStore.ts";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { StateRecord } from "../stacks/stateRecord.ts";
import type { LoadedStack } from "./loadStack.ts";
import { localPlace, sharedVariables } from "./stateStoreOf.ts";

/**
 * A place that was recorded, with the secrets that the record does not hold: those of `former`, else of the settings.
 * Throws AppError `state.credentials` where one is missing.
 */
export function recordedPlace(
  record: StateRecord,
  former: ReadonlyMap<string, string>,
  { paths, configuration }: Pick<LoadedStack, "paths" | "configuration">,
): StatePlace {
  if (record.backend === "local") return localPlace(paths.state);
  const known = stateBackends.get(record.backend);
  const given = new Map(configuration.values.map(({ key, value }) => [key, value]));
  const passThrough = known?.environment ?? [];
  const shared = sharedVariables(configuration.pluginEnvironment, passThrough);
  const environment: Record<string, string | Secret> = { ...shared };
  for (const [argument, variable] of Object.entries(known?.secrets ?? {})) {
    const name = stateVariable(argument);
    const text = former.get(name);
    const value = text === undefined ? given.get(name) : new Secret(text);
    if (value !== undefined && value !== "") environment[variable] = value;
    else if (known?.required.includes(argument) === true) throw missing(record, name);
  }
  return { backend: record.backend, arguments: record.arguments, environment, passThrough };
}

function missing({ backend }: StateRecord, key: string): AppError {
  return new AppError("state.credentials", `the state is in ${backend}, and ${key} to get at it is not set`, {
    hint: `give it for this call: --from ${key}=@FILE`,
    exit: exitCodes.usage,
  });
}
