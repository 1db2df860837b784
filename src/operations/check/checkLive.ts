import { join } from "node:path";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Manifest } from "../../providers/Manifest.ts";
import { applyStack } from "../applyStack.ts";
import { chooseType } from "../chooseType.ts";
import { destroyStack } from "../destroyStack.ts";
import { loadStack } from "../loadStack.ts";
import type { OperationContext } from "../OperationContext.ts";
import { planStack } from "../planStack.ts";
import { statusOfStacks } from "../statusOfStacks.ts";
import type { Recorder } from "./createRecorder.ts";
import { renamed } from "./throwAwayTree.ts";

/**
 * Tries a small machine at the real service, with the user's own credentials. Says what it costs and asks; without a
 * terminal `--yes` and CONFIRM=NAME are needed. What an earlier check left is destroyed first: the stack's directory is
 * in the user's tree and stays there until the destroy has worked. The folder is exactly that one, in a copy, whatever
 * else has its name.
 */
export async function checkLive(
  { folder, manifest, yes }: { folder: string; manifest: Manifest; yes: boolean },
  recorder: Recorder,
  made: (shown: (text: string) => string) => void,
  outer: OperationContext,
): Promise<void> {
  if (recorder.failed("plan") || recorder.failed("rehearsal")) {
    return recorder.leaveOut("rules of lower levels have to be kept first");
  }
  const { ports, workspace } = outer;
  const stack = `provider-check/${manifest.name}`;
  const root = await ports.files.temporaryDirectory("landfall-check-");
  const [configuration, providers] = [join(root, "environments"), join(root, "providers")];
  const copy = join(providers, manifest.name);
  const shown = (text: string): string => text.replaceAll(copy, folder);
  made(shown);
  const environment = { ...ports.machine.environment, CONFIRM: stack, LANDFALL_PROVIDERS_PATH: "" };
  const context: OperationContext = {
    ...outer,
    workspace: { ...workspace, environmentConfiguration: configuration, providers },
    ports: {
      ...ports,
      emit: (event) => ports.emit(renamed(event, shown)),
      machine: { ...ports.machine, environment },
    },
  };
  const request = { stack, set: [], yes: true };
  try {
    await ports.files.makeDirectory(providers);
    await ports.files.copyTree(folder, copy);
    await ports.files.makeDirectory(configuration);
    await ports.files.write(
      join(configuration, "provider-check.env"),
      "ENVIRONMENT=provider-check\nVM_NAME=landfall-check\nVM_MEMORY=1024\nVM_VCPUS=1\nVM_DISK_SIZE=10\n",
    );
    // Refuses what is not configured, credentials among it, before anybody is asked.
    const loaded = await loadStack({ ...request, persist: false }, context).catch((error: unknown) => {
      throw error instanceof AppError ? unconfigured(error, manifest.name) : error;
    });
    const type = await chooseType(loaded, undefined, ports);
    const price = type?.choice === undefined ? "nobody knows how much" : priceText(type.choice);
    await agree(manifest.name, price, yes, outer);
    const destroy = async (): Promise<void> => void (await destroyStack(request, context));
    if (!(await recorder.try("live.destroy", destroy)))
      return recorder.leaveOut("what an earlier check left could not be destroyed");
    const applied = await recorder.try(
      "live.apply",
      async () => void (await applyStack({ ...request, skipWait: false }, context)),
    );
    if (applied) {
      await recorder.try("live.settled", async () =>
        (await planStack(request, context)).changes
          ? [{ message: "a second plan is not empty", hint: "mend the module" }]
          : [],
      );
      await recorder.try("live.status", async () => {
        const [status] = await statusOfStacks({ selector: stack }, context);
        if (status !== undefined && !["absent", "stopped"].includes(status.machine)) return [];
        return [{ message: `status says ${status?.machine}`, hint: "mend inspectMachine in provider.ts" }];
      });
    }
    const gone = await recorder.try("live.destroy", destroy);
    if (gone) await ports.files.remove(join(workspace.stacks, "provider-check", manifest.name));
    recorder.leaveOut("live.apply is not kept");
  } finally {
    await ports.files.remove(root);
  }
}

/** The environment of the check is nobody's; what is missing belongs into the provider's own file. */
function unconfigured({ code, message, exit, problems }: AppError, name: string): AppError {
  const hint = `give what is missing with landfall configure ENVIRONMENT --provider ${name}, then run the same command again`;
  return new AppError(code, message, { hint, exit, problems });
}

function priceText(choice: { offer: { name: string }; monthlyPrice: number; currency: string; date: string }): string {
  const { offer, monthlyPrice, currency, date } = choice;
  return `${offer.name} costs ${monthlyPrice} ${currency} a month, begun hours count (catalog of ${date})`;
}

async function agree(name: string, price: string, yes: boolean, { ports }: OperationContext): Promise<void> {
  const { terminal, machine, emit } = ports;
  const message = `level live makes a real machine at ${name} and destroys it: ${price}`;
  emit({ type: "notice", level: "warning", code: "check.costs", message });
  if (yes && machine.environment["CONFIRM"] === name) return;
  if (terminal.interactive && !yes && (await terminal.ask(`Type ${name} to go on: `)) === name) return;
  throw new AppError("check.declined", "nothing was made: level live needs your word", {
    hint: `run it on a terminal, or give --yes and CONFIRM=${name}`,
    exit: exitCodes.refused,
  });
}
