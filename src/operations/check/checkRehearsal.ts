import type { Finding } from "../../conformance/Rule.ts";
import type { SimulatedResource } from "../../rehearsal/Rehearsal.ts";
import { parseStack } from "../../stacks/parseStack.ts";
import { stackPaths } from "../../stacks/stackPaths.ts";
import { applyStack, type ApplyResult } from "../applyStack.ts";
import { forgetKnownStack } from "../knownStack.ts";
import { destroyStack } from "../destroyStack.ts";
import { planStack } from "../planStack.ts";
import { statusOfStacks, type StackStatus } from "../statusOfStacks.ts";
import { checkSimulation } from "./checkSimulation.ts";
import { goneFindings } from "./goneFindings.ts";
import { labelFindings } from "./labelFindings.ts";
import { searchFindings } from "./searchFindings.ts";
import type { Scene } from "./runScenarios.ts";

const local = { untested: "machines on this computer are not deleted behind its back" };

/** Takes one stack through its life, and tries the rules of level rehearsal on the way. */
export async function checkRehearsal(scene: Scene): Promise<void> {
  const { manifest, tree, stage, context, recorder } = scene;
  const { capabilities } = manifest;
  const base = [
    ...(capabilities.data_disk === true ? ["DATA_DISK_SIZE=10"] : []),
    ...(capabilities.reserve_address === true ? ["RESERVE_ADDRESS=true"] : []),
  ];
  const request = (set: readonly string[]) => ({ stack: tree.stack, set, yes: true, skipWait: true });
  const paths = stackPaths(context.workspace, parseStack(tree.stack).stack);
  const apply = (...set: string[]): Promise<ApplyResult> => applyStack(request([...base, ...set]), context);
  const settled = async (...set: string[]): Promise<Finding[]> => {
    const { changes, summary } = await planStack(request([...base, ...set]), context);
    return changes
      ? summary.changes.map(({ address, action, attributes }) => ({
          message: `a plan right after the apply would ${action} ${address} (${attributes.join(", ")})`,
          hint: "mend the module",
        }))
      : [];
  };
  const status = async (): Promise<StackStatus | undefined> =>
    (await statusOfStacks({ selector: tree.stack }, context)).at(0);

  await checkSimulation(scene);
  let outputs: Record<string, unknown> = {};
  // What never settles is said once.
  let settles = true;
  const stillSettled = async (...set: string[]): Promise<Finding[]> => (settles ? settled(...set) : []);
  try {
    const made = await recorder.try("rehearsal.apply", async () => void (outputs = (await apply()).outputs));
    if (!made) return recorder.leaveOut("rehearsal.apply is not kept");
    await recorder.try("rehearsal.outputs", async () => outputFindings(outputs));
    await recorder.try("rehearsal.oneServer", async () => {
      const count = (await stage?.simulator.servers())?.length ?? 1;
      return count === 1 ? [] : [{ message: `there are ${count} servers`, hint: "mend the module or the simulation" }];
    });
    settles = await recorder.try("rehearsal.settled", () => settled());
    await recorder.try("rehearsal.labels", async () => labelFindings(paths, manifest, context.ports.files));
    const searched = await recorder.try("rehearsal.addresses", () => searchFindings(request(base), context));
    await recorder.try("rehearsal.running", async () => {
      const { machine = "absent" } = (await status()) ?? {};
      if (!["absent", "stopped"].includes(machine)) return [];
      return [{ message: `status says ${machine}`, hint: "mend inspectMachine in provider.ts" }];
    });
    const open = "OPEN_PORTS=80/tcp,443/tcp,8443/tcp";
    await recorder.try("rehearsal.ports", async () => {
      const { summary } = await apply(open);
      if (summary.machine === "none" || summary.machine === "keep") return stillSettled(open);
      return [{ message: `another open port means for the machine: ${summary.machine}`, hint: "mend the module" }];
    });
    const larger = [open, "VM_MEMORY=4096", "VM_VCPUS=2"];
    await recorder.try("rehearsal.resize", async () => {
      const destroys = [{ message: "another size destroys the data", hint: "mend the module, or resources" }];
      if (stage === undefined) {
        // A machine that is still booting for the first time cannot be shut down cleanly.
        const { summary } = await planStack(request([...base, ...larger]), context);
        return summary.data === "destroy" ? destroys : [];
      }
      const { summary, outputs: now } = await apply(...larger);
      outputs = now;
      if (summary.data !== "destroy") return stillSettled(...larger);
      return destroys;
    });
    let after: ApplyResult | undefined;
    await recorder.try("rehearsal.gone", async () => {
      if (stage === undefined) return local;
      for (const { id } of await stage.simulator.servers()) await removeServer(scene, id);
      return goneFindings(scene.behaviour, async () => (await status())?.machine);
    });
    const replaced = await recorder.try("rehearsal.replaced", async () => {
      if (stage === undefined) return local;
      after = await apply(...larger);
      return stillSettled(...larger);
    });
    for (const [id, capability, output] of [
      ["rehearsal.dataKept", "data_disk", "data_disk_id"],
      ["rehearsal.addressKept", "reserve_address", "vm_ip"],
    ] as const) {
      await recorder.try(id, async () => {
        const can = capabilities[capability];
        if (can !== true) return { untested: can };
        if (after === undefined) return { untested: "rehearsal.replaced was not kept, or not tried" };
        const now = after.outputs[output];
        if (now === outputs[output] && after.summary.data !== "destroy") return [];
        return [
          { message: `${output} was ${String(outputs[output])}, and is ${String(now)}`, hint: "mend the module" },
        ];
      });
    }
    const adopted = await recorder.try("rehearsal.orphans", async () => {
      if (stage === undefined) return local;
      if (!searched) return { untested: "rehearsal.addresses is not kept, or not tried" };
      if (!replaced) return { untested: "rehearsal.replaced is not kept" };
      for (const path of [paths.state, `${paths.state}.backup`, paths.stateRecord])
        await context.ports.files.remove(path);
      await forgetKnownStack(paths, context.ports.files);
      const before = await stage.simulator.resources();
      await apply(...larger);
      const twice = madeTwice(before, await stage.simulator.resources());
      if (twice.length > 0) return twice;
      const count = (await stage.simulator.servers()).length;
      if (count === 1) return stillSettled(...larger);
      return [{ message: `there are ${count} servers`, hint: "mend findOrphans in provider.ts" }];
    });
    // What was not found cannot be destroyed either.
    if (replaced && !adopted && stage !== undefined) recorder.leaveOut("rehearsal.orphans is not kept");
    else await checkEnd(scene, () => destroyStack(request(base), context), status);
  } finally {
    // A machine on this computer stays otherwise.
    if (stage === undefined) await destroyStack(request(base), context).catch(() => undefined);
  }
}

async function checkEnd(
  { stage, recorder }: Scene,
  destroy: () => Promise<{ changed: boolean }>,
  status: () => Promise<StackStatus | undefined>,
): Promise<void> {
  if (!(await recorder.try("rehearsal.destroy", async () => void (await destroy())))) {
    return recorder.leaveOut("rehearsal.destroy is not kept", ({ id }) => /nothingLeft|absent|again/.test(id));
  }
  await recorder.try("rehearsal.nothingLeft", async () =>
    ((await stage?.simulator.resources()) ?? []).map(({ kind, id, name }) => ({
      message: `${kind} ${name} (${id}) is left`,
      hint: "mend the module, or remove it in cleanUp of provider.ts",
    })),
  );
  await recorder.try("rehearsal.absent", async () => {
    const { machine = "absent" } = (await status()) ?? {};
    return machine === "absent" ? [] : [{ message: `status says ${machine}`, hint: "mend inspectMachine" }];
  });
  await recorder.try("rehearsal.again", async () => {
    const { changed } = await destroy();
    return changed ? [{ message: "a second destroy changes something", hint: "mend the module" }] : [];
  });
}

/** Kinds of which there are more than before. What cannot be imported may have been made anew, one for one. */
function madeTwice(before: readonly SimulatedResource[], after: readonly SimulatedResource[]): Finding[] {
  const count = (list: readonly SimulatedResource[], kind: string): number =>
    list.filter((resource) => resource.kind === kind).length;
  const added = after.filter(
    ({ kind, id }) =>
      count(after, kind) > count(before, kind) && !before.some((old) => old.kind === kind && old.id === id),
  );
  return added.map(({ kind, name, id }) => ({
    message: `${kind} ${name} (${id}) was made a second time`,
    hint: "mend findOrphans in provider.ts: it has to give everything that the module makes",
  }));
}

async function removeServer({ stage, context }: Scene, id: string): Promise<void> {
  const url = `${stage?.stage.origin ?? ""}/.landfall/servers/${encodeURIComponent(id)}`;
  await context.ports.network.request({ url, method: "DELETE" });
}

function outputFindings({ vm_ip, vm_name, connection_info }: Record<string, unknown>): Finding[] {
  const address = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]*)$/i.test(String(vm_ip));
  const hint = "mend outputs.tf";
  return [
    ...(address ? [] : [{ message: `vm_ip is ${JSON.stringify(vm_ip)}, which is no address`, hint }]),
    ...(typeof vm_name === "string" && vm_name.startsWith("landfall-check")
      ? []
      : [{ message: `vm_name is ${JSON.stringify(vm_name)}, not the name that was given`, hint }]),
    ...(typeof connection_info === "string" && connection_info !== ""
      ? []
      : [{ message: "connection_info is empty", hint }]),
  ];
}
