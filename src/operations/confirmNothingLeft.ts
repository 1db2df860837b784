import { AppError, type Problem } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { JournalEntry } from "../stacks/JournalEntry.ts";
import { heldResources, modulePrefix } from "./adoptOrphans.ts";
import type { OpenStack } from "./openStack.ts";
import type { Made } from "./readMade.ts";
import type { RunContext } from "./withRun.ts";

/**
 * For a provider that cannot be searched: says what may exist and goes on only where a person has looked. Throws AppError
 * `recovery.unconfirmed`.
 */
export async function confirmNothingLeft(
  open: OpenStack,
  due: readonly JournalEntry[],
  made: readonly Made[],
  { ports }: RunContext,
): Promise<void> {
  const held = (await heldResources(open)).map(({ address }) => modulePrefix + address);
  const expected = due
    .flatMap((entry) => entry.expected)
    .filter(({ address, action }) => ["create", "replace"].includes(action) && address.startsWith(modulePrefix))
    .filter(({ address }) => !held.includes(address));
  // By hand, or with a copy of an older state, anything may have been made or forgotten.
  const unknown = due.filter((entry) => entry.expected.length === 0);
  if (expected.length === 0 && unknown.length === 0) return;
  const { name } = open.stack;
  const problems = expected.map(({ address }): Problem => {
    const id = made.find((one) => one.address === address)?.id;
    return id === undefined
      ? { message: `${address} may exist: a run was about to make it` }
      : {
          message: `${address} was made, with the id ${id}, and the state does not know it`,
          hint: `landfall tofu ${name} -- import '${address}' ${id}`,
        };
  });
  problems.push(
    ...unknown.map(({ operation, run: id }) => ({
      message: `nobody knows what ${operation} ${id} has made, or forgotten`,
    })),
  );
  const { title } = open.provider.manifest;
  const look = `look at ${title} for things called ${open.configuration.standard.vmName} or labelled stack=${open.stack.label}`;
  for (const { message } of problems)
    ports.emit({ type: "notice", level: "warning", code: "recovery.mayExist", message, hint: look });
  if (ports.machine.environment["CONFIRM"] === name) return;
  const question = `Nothing of this is left at ${title}, or it was imported? Then type ${name}: `;
  if (ports.terminal.interactive && (await ports.terminal.ask(question)) === name) return;
  throw new AppError(
    "recovery.unconfirmed",
    `provider ${open.provider.name} cannot be searched for what ${name} left`,
    {
      hint: `${look}; remove or import it, then confirm that: CONFIRM=${name} landfall recover ${name}`,
      exit: exitCodes.recovery,
      problems,
    },
  );
}
