import { waitForMachine, type WaitReport } from "../remote/waitForMachine.ts";
import type { HostPreparation } from "./hostPreparation.ts";
import { addressIn, writeKnownStack } from "./knownStack.ts";
import type { OpenStack } from "./openStack.ts";
import { readOutputs } from "./readOutputs.ts";
import { sshTarget } from "./sshTarget.ts";
import type { RunContext } from "./withRun.ts";

export interface StackWait extends WaitReport {
  outputs: Record<string, unknown>;
}

/**
 * Waits until the machine has an address, answers, lets us in and has finished its first boot, or prepares the host;
 * then records that.
 */
export async function waitForStack(
  open: OpenStack,
  first: Record<string, unknown>,
  host: HostPreparation | undefined,
  { ports, interrupt }: RunContext,
): Promise<StackWait> {
  const { timeouts } = open.provider.manifest;
  let outputs = first;
  const report = await waitForMachine(
    {
      address: async () => {
        const known = addressIn(outputs);
        if (known !== undefined) return known;
        // Some providers learn the address only after the machine has booted.
        const { changes } = await open.engine.plan({ out: open.paths.plan, refreshOnly: true });
        if (changes) await open.engine.apply(open.paths.plan);
        await ports.files.remove(open.paths.plan);
        outputs = await readOutputs(open);
        return addressIn(outputs);
      },
      target: (address) => sshTarget(open, address, outputs),
      stack: open.stack.name,
      budgets: { sshMs: timeouts.ssh * 1000, cloudInitMs: timeouts.cloud_init * 1000 },
      ...(host === undefined ? {} : { preparation: host.preparation }),
      signal: interrupt,
    },
    ports,
  );
  const ready = new Date(ports.clock.now()).toISOString();
  await writeKnownStack(
    open.paths,
    { outputs, ready, ...(host === undefined ? {} : { prepared: host.digest }) },
    ports.files,
  );
  return { ...report, outputs };
}
