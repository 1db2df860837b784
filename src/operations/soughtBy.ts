import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { ProviderBehaviour } from "../providers/behaviour.ts";
import type { JournalEntry } from "../stacks/JournalEntry.ts";
import type { OpenStack } from "./openStack.ts";

type Sought = Pick<OpenStack, "stack" | "provider" | "providerContext">;

/**
 * What a search at the provider depends on, as far as it is no secret: of the settings those that the manifest calls places,
 * and where it calls none so, all but the type of the machine.
 */
export function soughtBy({ provider, providerContext }: Sought): Record<string, string> {
  const { settings, inputs } = providerContext;
  const { settings: known, catalog } = provider.manifest;
  const isSaid = Object.values(known).some(({ place }) => place !== undefined);
  const places = Object.entries(settings).filter(([name]) =>
    isSaid ? known[name]?.place === true : name !== catalog?.type,
  );
  const labels = Object.entries(inputs.labels).map(([key, value]) => [`label ${key}`, value]);
  return { VM_NAME: inputs.vm_name, ...Object.fromEntries([...places, ...labels]) };
}

/**
 * What a run that was cut off has made is found only with the settings that it had. Throws AppError `recovery.elsewhere`
 * where they are others now. What nobody searches for, on this computer, is nowhere else.
 */
export function checkSoughtBy(due: readonly JournalEntry[], open: Sought, behaviour: ProviderBehaviour): void {
  if (behaviour.findOrphans === undefined) return;
  const now = soughtBy(open);
  const problems = due.flatMap(({ operation, started, soughtBy: then = {} }) =>
    Object.entries(then)
      .filter(([name, value]) => now[name] !== undefined && now[name] !== value)
      .map(([name, value]) => ({
        message: `${name} was ${quoted(value)} in the ${operation} of ${started}, and is ${quoted(now[name] ?? "")} now`,
      })),
  );
  if (problems.length === 0) return;
  const { name } = open.stack;
  throw new AppError("recovery.elsewhere", `an earlier run of ${name} was cut off, and is searched for elsewhere now`, {
    hint: `put back what is listed, run landfall recover ${name}, then change it again`,
    exit: exitCodes.recovery,
    problems,
  });
}

function quoted(value: string): string {
  return JSON.stringify(value);
}
