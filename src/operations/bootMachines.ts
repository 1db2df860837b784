import { join } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { StackContext } from "../providers/behaviour.ts";
import { loadBehaviour } from "../providers/loadBehaviour.ts";
import type { Machines } from "../rehearsal/Rehearsal.ts";
import { listStacks } from "../stacks/listStacks.ts";
import { makeStack } from "../stacks/makeStack.ts";
import { stackPaths } from "../stacks/stackPaths.ts";
import { bootedMachine, type BootedMachine, type Maker } from "./bootedMachine.ts";
import { listProviders } from "./listProviders.ts";
import type { OperationContext } from "./OperationContext.ts";
import { prepareComputer } from "./prepareComputer.ts";
import { providerContext } from "./providerContext.ts";
import { providerSettings } from "./providerSettings.ts";

/** A rehearsal shares this computer with its user: MiB and count, whatever the simulated server has. */
const most = { memory: 2048, vcpus: 2 };

/**
 * Real machines behind simulated servers: each is made on this computer by a provider that declares the capability
 * `local`, with the user data that the cloud was given. `close` removes what is left of them, and the beginning what
 * was left by a rehearsal that was killed.
 */
export async function bootMachines(
  { yes, owner }: { yes: boolean; owner: string },
  context: OperationContext,
): Promise<Machines & { close(): Promise<void> }> {
  const { ports } = context;
  const provider = (await listProviders(context)).providers.find(
    ({ manifest }) => manifest.capabilities.local === true,
  );
  if (provider === undefined) {
    throw new AppError("rehearsal.noLocal", "--boot needs a provider whose machines run on this computer", {
      hint: "landfall providers lists what there is; one has to declare the capability `local`",
      exit: exitCodes.usage,
    });
  }
  const behaviour = await loadBehaviour(provider, context);
  const settings = await providerSettings(provider, false, context);
  const unattended = yes || !ports.terminal.interactive;
  const forProvider = providerContext(provider, settings, { unattended, stage: undefined }, context);
  const computer = await prepareComputer(provider, behaviour, forProvider, { yes }, context);
  const all = join(context.workspace.rehearsal, "machines");
  const makerOf = (process: string): Maker => ({
    provider,
    behaviour,
    forProvider,
    computer,
    workspace: { ...context.workspace, stacks: join(all, process) },
    ports,
  });
  await removeAbandoned(all, makerOf, context);

  const process = String(ports.machine.pid);
  const machines = new Map<string, BootedMachine>();
  const remove = async (id: string): Promise<void> => {
    const machine = machines.get(id);
    machines.delete(id);
    await machine?.end();
  };
  return {
    async create({ id, memory, vcpus, disk, userData }) {
      const name = `${owner}-${id}`
        .toLowerCase()
        .replace(/[^a-z0-9-]/g, "-")
        .slice(0, 63);
      const stack = makeStack(
        `boot-${id}`
          .toLowerCase()
          .replace(/[^a-z0-9-]/g, "-")
          .slice(0, 31),
        provider.name,
      );
      const machine = bootedMachine(
        stack,
        {
          vm_name: name,
          vm_memory: Math.min(memory, most.memory),
          vm_vcpus: Math.min(vcpus, most.vcpus),
          vm_disk_size: disk,
          data_disk_size: 0,
          reserve_address: false,
          use_minimal_config: false,
          ssh_public_key: "",
          labels: {
            project: "landfall",
            environment: stack.environment,
            stack: `rehearsal_${process}_${id}`,
            managed_by: "landfall",
          },
        },
        makerOf(process),
      );
      machines.set(id, machine);
      return { ipv4: await machine.start(userData), ipv6: "2001:db8::1" };
    },
    remove,
    async close() {
      for (const id of [...machines.keys()]) await remove(id);
      await ports.files.remove(join(all, process));
    },
  };
}

/** Machines of processes that are gone: nobody else would remove them. */
async function removeAbandoned(
  all: string,
  makerOf: (process: string) => Maker,
  { ports }: OperationContext,
): Promise<void> {
  for (const process of (await ports.files.list(all)) ?? []) {
    // A process that has ended and that nobody has waited for is still listed, as Z.
    const status = await ports.files.read(`/proc/${process}/stat`);
    if (status !== undefined && !/\) [ZX] /.test(status)) continue;
    const maker = makerOf(process);
    for (const stack of await listStacks(maker.workspace, ports.files)) {
      const text = await ports.files.read(stackPaths(maker.workspace, stack).variables);
      if (text === undefined) continue;
      const inputs = JSON.parse(text) as StackContext["inputs"];
      const message = `machine ${inputs.vm_name} was left by a rehearsal that was killed: it is removed`;
      ports.emit({ type: "notice", level: "info", code: "rehearsal.abandoned", message });
      await bootedMachine(stack, inputs, maker).end();
    }
    await ports.files.remove(join(all, process));
  }
}
