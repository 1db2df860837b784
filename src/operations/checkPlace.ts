import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { readStateRecord, type StateRecord } from "../stacks/stateRecord.ts";
import type { LoadedStack } from "./loadStack.ts";
import { placeText, samePlace } from "./placeText.ts";
import { clonePlace } from "./stateStoreOf.ts";
import type { RunContext } from "./withRun.ts";

export interface CheckedPlace {
  record: StateRecord | undefined;
  configured: StateRecord;
  /** For sentences. */
  text(place: StateRecord): string;
}

export const localRecord: StateRecord = { backend: "local", arguments: {}, address: {} };

/** Where the state is kept. Throws AppError `state.elsewhere` where the configuration names another place than the last run did. */
export async function checkPlace({ stack, paths, configuration }: LoadedStack, run: RunContext): Promise<CheckedPlace> {
  const { files } = run.ports;
  const { backend, arguments: block, address } = configuration.state;
  const configured: StateRecord = { backend, arguments: block, address };
  const record = await readStateRecord(paths, files);
  const text = (place: StateRecord): string => placeText(place, clonePlace(paths, run));
  const former = record ?? ((await files.exists(paths.state)) ? localRecord : configured);
  if (!samePlace(former, configured)) throw elsewhere(stack.name, text(former), text(configured));
  return { record, configured, text };
}

export function movedAway(stack: string, configured: string, to: string): AppError {
  return new AppError("state.moved", `the state of ${stack} is no longer in ${configured}: it is in ${to}`, {
    hint: "take over the STATE_ settings of whoever moved it, then run the same command again",
    exit: exitCodes.refused,
  });
}

function elsewhere(stack: string, former: string, configured: string): AppError {
  return new AppError(
    "state.elsewhere",
    `the state of ${stack} is in ${former}, and the configuration says ${configured}`,
    { hint: `carry it over: landfall state move ${stack}; or correct STATE_BACKEND`, exit: exitCodes.refused },
  );
}
