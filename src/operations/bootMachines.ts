import { join } from "node:path";
import { Secret } from "../configuration/Secret.ts";
import { createEngine } from "../engine/createEngine.ts";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { StackContext } from "../providers/behaviour.ts";
import { loadBehaviour } from "../providers/loadBehaviour.ts";
import type { Machines, MachineRequest } from "../rehearsal/Rehearsal.ts";
import { makeStack } from "../stacks/makeStack.ts";
import { prepareStackDirectory } from "../stacks/prepareStackDirectory.ts";
import { stackPaths } from "../stacks/stackPaths.ts";
import { addressIn } from "./knownStack.ts";
import { listProviders } from "./listProviders.ts";
import type { OperationContext } from "./OperationContext.ts";
import { prepareComputer } from "./prepareComputer.ts";
import { providerContext } from "./providerContext.ts";
import { providerSettings } from "./providerSettings.ts";
import { readOutputs } from "./readOutputs.ts";

/** A rehearsal shares this computer with its user: MiB and count, whatever the simulated server has. */
const most = { memory: 2048, vcpus: 2 };

/**
 * Real machines behind simulated servers: each is made on this computer by a provider that declares the capability
 * `local`, with the user data that the cloud was given. `close` removes what is left of them.
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
  const behaviour = await loadBehaviour(provider);
  const settings = await providerSettings(provider, context);
  const unattended = yes || !ports.terminal.interactive;
  const forProvider = providerContext(provider, settings, { unattended, stage: undefined }, context);
  const computer = await prepareComputer(provider, behaviour, forProvider, { yes }, context);
  const workspace = {
    ...context.workspace,
    stacks: join(context.workspace.rehearsal, "machines", String(ports.machine.pid)),
  };
  const ends = new Map<string, () => Promise<void>>();

  async function boot(machine: MachineRequest): Promise<string> {
    const stack = makeStack(
      `boot-${machine.id}`
        .toLowerCase()
        .replace(/[^a-z0-9-]/g, "-")
        .slice(0, 31),
      provider?.name ?? "",
    );
    const paths = stackPaths(workspace, stack);
    const label = `rehearsal_${ports.machine.pid}_${machine.id}`;
    const inputs = {
      vm_name: `${owner}-${machine.id}`.toLowerCase().slice(0, 63),
      vm_memory: Math.min(machine.memory, most.memory),
      vm_vcpus: Math.min(machine.vcpus, most.vcpus),
      vm_disk_size: machine.disk,
      data_disk_size: 0,
      reserve_address: false,
      use_minimal_config: false,
      ssh_public_key: "",
      labels: { project: "landfall", environment: stack.environment, stack: label, managed_by: "landfall" },
    };
    const stackContext: StackContext = {
      ...forProvider,
      stack: { name: label, environment: stack.environment, directory: paths.directory },
      inputs,
      outputs: {},
      lookUp: async () => ({}),
    };
    await ports.files.makeDirectory(paths.directory);
    const computed = (await behaviour.prepare?.(stackContext)) ?? {};
    const variables = {
      infrastructure_provider: stack.provider,
      ...inputs,
      open_ports: [],
      ssh_host_public_key: "",
      settings: { ...settings.settings, ...computed },
    };
    if (provider === undefined) return "";
    await prepareStackDirectory({ workspace, stack, paths, provider, variables }, ports);
    const engine = createEngine(
      {
        program: computer.engine.program,
        directory: paths.directory,
        environment: {
          ...computer.plugin.environment,
          TF_VAR_ssh_host_private_key: new Secret(""),
          TF_VAR_user_data: new Secret(machine.userData),
        },
      },
      { ...ports, emit: () => undefined },
    );
    ends.set(machine.id, async () => {
      const { changes } = await engine.plan({ out: paths.plan, destroy: true });
      if (changes) await engine.apply(paths.plan);
      await behaviour.cleanUp?.(stackContext);
      await ports.files.remove(paths.directory);
    });
    await engine.init();
    await engine.plan({ out: paths.plan });
    await engine.apply(paths.plan);
    const address = addressIn(await readOutputs({ engine }));
    if (address === undefined) throw new Error(`the machine behind server ${machine.id} has no address`);
    return address;
  }

  const remove = async (id: string): Promise<void> => {
    const end = ends.get(id);
    ends.delete(id);
    await end?.();
  };
  return {
    async create(machine) {
      const ipv4 = await boot(machine);
      return { ipv4, ipv6: "2001:db8::1" };
    },
    remove,
    async close() {
      for (const id of [...ends.keys()]) await remove(id);
      await ports.files.remove(workspace.stacks);
    },
  };
}
