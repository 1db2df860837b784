import { AppError } from "../errors.ts";
import type { Ports } from "../ports/Ports.ts";
import { enterMachine } from "./enterMachine.ts";
import { prepareMachine } from "./prepareMachine.ts";
import { trackPhases, type PhaseTiming } from "./trackPhases.ts";
import type { Wait, WaitRequest } from "./Wait.ts";
import { waitForAddress } from "./waitForAddress.ts";
import { waitForPort } from "./waitForPort.ts";

export type { PhaseTiming } from "./trackPhases.ts";

export interface WaitReport {
  address: string;
  phases: readonly PhaseTiming[];
}

/**
 * Waits until a machine has an address, answers on its SSH port, shows the stack's host key, lets us in and has finished
 * its first boot, or was prepared. Throws AppError `wait.address`, `wait.port`, `wait.hostKey`, `wait.login`,
 * `wait.cloudInit`, `wait.preparation`, `ssh.missing` or `run.interrupted`; running it again goes on where it ended.
 */
export async function waitForMachine(
  request: WaitRequest,
  ports: Pick<Ports, "clock" | "network" | "processes" | "emit">,
): Promise<WaitReport> {
  const deadline = ports.clock.now() + request.budgets.sshMs;
  const phases = trackPhases(ports);
  const wait: Wait = {
    request,
    ports,
    phases,
    sshLeft: () => Math.max(0, deadline - ports.clock.now()),
    async pause(ms) {
      await ports.clock.sleep(ms, request.signal).catch(() => undefined);
      wait.checkInterrupted();
    },
    checkInterrupted() {
      if (request.signal?.aborted === true) throw interrupted(request.stack);
    },
  };
  const address = await waitForAddress(wait);
  const target = request.target(address);
  await waitForPort(target, wait);
  const { preparation } = request;
  if (preparation === undefined) await enterMachine(target, wait);
  else {
    const first = { ...target, user: preparation.user };
    await enterMachine(first, { ...wait, request: { ...request, skipCloudInit: true } });
    await prepareMachine(first, target, preparation, wait);
  }
  return { address, phases: phases.finished };
}

function interrupted(stack: string): AppError {
  return new AppError("run.interrupted", `stopped waiting for the machine of ${stack}, as asked; the machine goes on`, {
    hint: `wait again: landfall apply ${stack}`,
  });
}
