import { exitCodes } from "../../exitCodes.ts";
import type { AcceptedProvider } from "../../operations/acceptProvider.ts";
import type { AddedProvider } from "../../operations/addProvider.ts";
import type { RemovedProvider } from "../../operations/removeProvider.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentAddedProvider(result: AddedProvider): CommandResult {
  const { provider, source, folder, lock, changed } = result;
  const text = changed
    ? `provider ${provider} was added from ${source}; commit ${folder} and ${lock}`
    : `provider ${provider} is there already, with the content of ${source}`;
  return { command: "provider add", ok: true, data: result, text, exit: exitCodes.done };
}

export function presentAcceptedProvider(result: AcceptedProvider): CommandResult {
  const { provider, folder, hash, changed } = result;
  const text = changed
    ? `provider ${provider} may run as it is now: ${hash}`
    : hash === undefined
      ? `provider ${provider} belongs to this repository: there is nothing to accept`
      : `provider ${provider} was accepted already, as ${folder} is now`;
  return { command: "provider accept", ok: true, data: result, text, exit: exitCodes.done };
}

export function presentRemovedProvider(result: RemovedProvider): CommandResult {
  const text = `provider ${result.provider} was removed; it came from ${result.source}`;
  return { command: "provider remove", ok: true, data: result, text, exit: exitCodes.done };
}
