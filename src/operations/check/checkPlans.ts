import { stackPaths } from "../../stacks/stackPaths.ts";
import { parseStack } from "../../stacks/parseStack.ts";
import { initStack } from "../initStack.ts";
import { planStack, type PlanResult } from "../planStack.ts";
import { loadStack } from "../loadStack.ts";
import type { Scene } from "./runScenarios.ts";

const small = ["VM_MEMORY=1024", "VM_VCPUS=1", "VM_DISK_SIZE=10"];
const medium = ["VM_MEMORY=4096", "VM_VCPUS=2", "VM_DISK_SIZE=40"];
const large = ["VM_MEMORY=8192", "VM_VCPUS=4", "VM_DISK_SIZE=80"];

/** Tries the rules of level plan: nothing is made. */
export async function checkPlans({ manifest, tree, context, recorder }: Scene): Promise<void> {
  const { capabilities, resources } = manifest;
  const request = { stack: tree.stack, set: [] as readonly string[], yes: true };
  const plan = (...set: string[]): Promise<PlanResult> => planStack({ ...request, set }, context);

  if (!(await recorder.try("plan.init", async () => void (await initStack(request, context))))) {
    return recorder.leaveOut("plan.init is not kept, or could not be tried");
  }
  let first: PlanResult | undefined;
  await recorder.try("plan.small", async () => void (first = await plan(...small)));
  await recorder.try("plan.medium", async () => void (await plan(...medium)));
  await recorder.try("plan.large", async () => void (await plan(...large)));
  await recorder.try("plan.machine", async () => {
    if (first === undefined) return { untested: "plan.small is not kept" };
    if (resources.machine.length === 0) return { untested: "nothing is made" };
    if (first.summary.machine === "create") return [];
    const made = first.summary.changes.map(({ address }) => address).join(", ");
    return [{ message: `the plan makes no machine, only ${made}`, hint: "correct resources.machine" }];
  });
  await recorder.try("plan.minimal", async () => void (await plan("USE_MINIMAL_CONFIG=true")));
  await recorder.try("plan.closed", async () => void (await plan("OPEN_PORTS=")));
  await recorder.try("plan.dataDisk", async () => {
    if (capabilities.data_disk !== true) return { untested: capabilities.data_disk };
    const { summary } = await plan("DATA_DISK_SIZE=10");
    if (summary.data === "create") return [];
    return [{ message: "the plan makes no data disk", hint: "correct resources.data, or the module" }];
  });
  await recorder.try("plan.address", async () => {
    if (capabilities.reserve_address !== true) return { untested: capabilities.reserve_address };
    await plan("RESERVE_ADDRESS=true");
    return [];
  });
  await recorder.try("plan.variables", async () => {
    const { configuration } = await loadStack({ ...request, persist: false }, context);
    const { variables } = stackPaths(context.workspace, parseStack(tree.stack).stack);
    const text = (await context.ports.files.read(variables)) ?? "";
    return Object.entries(configuration.secrets)
      .filter(([, secret]) => text.includes(secret.reveal()))
      .map(([key]) => ({ message: `secret ${key} is in terraform.tfvars.json`, hint: "do not give it in prepare" }));
  });
}
