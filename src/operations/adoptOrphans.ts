import { AppError } from "../errors.ts";
import type { ProviderBehaviour } from "../providers/behaviour.ts";
import type { OpenStack } from "./openStack.ts";
import type { RunContext } from "./withRun.ts";

/** Every provider's module is called so in the root module. */
const modulePrefix = "module.provider.";

/**
 * Takes into the state what exists at the provider and the state does not know: what a lost answer or a killed run
 * left. Only looked for where no finished apply is known, so a plain apply costs no call.
 */
export async function adoptOrphans(open: OpenStack, behaviour: ProviderBehaviour, run: RunContext): Promise<void> {
  if (behaviour.findOrphans === undefined || open.known !== undefined) return;
  const orphans = await behaviour.findOrphans(open.providerContext);
  if (orphans.length === 0) return;
  const { files, emit } = run.ports;
  const held = (await files.exists(open.paths.state)) ? await open.engine.stateList() : [];
  for (const { address, id, title } of orphans) {
    const whole = modulePrefix + address;
    if (held.includes(whole)) continue;
    emit({
      type: "notice",
      level: "warning",
      code: "orphan.adopted",
      message: `${title} exists already and is taken over: an earlier run made it and could not save that`,
    });
    await open.engine.import(whole, id).catch((error: unknown) => leaveUnwanted(error, title, run));
  }
}

/** What the configuration does not ask for any more has no place in the state: it is left where it is. */
function leaveUnwanted(error: unknown, title: string, { ports }: RunContext): void {
  const reasons = error instanceof AppError ? error.problems.map(({ message }) => message).join("\n") : "";
  if (!/(does not exist in|create its) (the )?configuration/i.test(reasons)) throw error;
  ports.emit({
    type: "notice",
    level: "warning",
    code: "orphan.left",
    message: `${title} is left alone: the configuration does not ask for it`,
    hint: "remove it by hand, or configure it again and apply",
  });
}
