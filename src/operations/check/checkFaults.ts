import { faultsTried } from "../../conformance/rules/scenarioRules.ts";
import { rehearseStack } from "../rehearseStack.ts";
import type { Scene } from "./runScenarios.ts";

/** So many simulations at once. */
const atOnce = 4;

/** Rehearses the stack once for every fault of the kit. */
export async function checkFaults({ manifest, tree, stage, recorder }: Scene): Promise<void> {
  if (stage === undefined) {
    return recorder.leaveOut(
      manifest.capabilities.local === true
        ? "machines on this computer are real: nothing is simulated"
        : "no simulation",
      ({ id }) => id.startsWith("fault."),
    );
  }
  const waiting = faultsTried.filter((fault) => recorder.wants(`fault.${fault}`));
  const work = async (): Promise<void> => {
    for (let fault = waiting.shift(); fault !== undefined; fault = waiting.shift()) {
      const options = { stack: tree.stack, set: [], faults: [fault], boot: false, yes: true };
      await recorder.try(`fault.${fault}`, async () => void (await rehearseStack(options, tree.context)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
