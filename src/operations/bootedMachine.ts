import { Secret } from "../configuration/Secret.ts";
import { createEngine } from "../engine/createEngine.ts";
import type { ProviderBehaviour, ProviderContext, StackContext } from "../providers/behaviour.ts";
import type { Provider } from "../providers/Provider.ts";
import type { Workspace } from "../Workspace.ts";
import type { Ports } from "../ports/Ports.ts";
import { prepareStackDirectory } from "../stacks/prepareStackDirectory.ts";
import type { Stack } from "../stacks/Stack.ts";
import { stackPaths } from "../stacks/stackPaths.ts";
import { addressIn } from "./knownStack.ts";
import type { PreparedComputer } from "./prepareComputer.ts";
import { readOutputs } from "./readOutputs.ts";

/** What makes machines on this computer. */
export interface Maker {
  provider: Provider;
  behaviour: ProviderBehaviour;
  forProvider: ProviderContext;
  computer: PreparedComputer;
  /** Its `stacks` is where the machines have their directories. */
  workspace: Workspace;
  ports: Ports;
}

export interface BootedMachine {
  /** Makes and starts it; gives its address. */
  start(userData: string): Promise<string>;
  /** Removes it and its directory. */
  end(): Promise<void>;
}

/** One machine behind a simulated server. `inputs` are the root module's, those of a machine that exists or of a new one. */
export function bootedMachine(stack: Stack, inputs: StackContext["inputs"], maker: Maker): BootedMachine {
  const { provider, behaviour, forProvider, computer, workspace, ports } = maker;
  const paths = stackPaths(workspace, stack);
  const context: StackContext = {
    ...forProvider,
    stack: { name: inputs.labels["stack"] ?? stack.name, environment: stack.environment, directory: paths.directory },
    inputs,
    changing: true,
    managed: [],
    outputs: {},
    lookUp: async () => ({}),
  };
  const engine = (userData: string) =>
    createEngine(
      {
        program: computer.engine.program,
        directory: paths.directory,
        environment: {
          ...computer.plugin.environment,
          TF_VAR_ssh_host_private_key: new Secret(""),
          TF_VAR_user_data: new Secret(userData),
        },
      },
      { ...ports, emit: () => undefined },
    );
  return {
    async start(userData) {
      await ports.files.makeDirectory(paths.directory);
      const computed = (await behaviour.prepare?.(context)) ?? {};
      const variables = {
        infrastructure_provider: provider.name,
        ...inputs,
        open_ports: [],
        ssh_host_public_key: "",
        settings: { ...forProvider.settings, ...computed },
      };
      await prepareStackDirectory({ workspace, stack, paths, provider, variables }, ports);
      const { init, plan, apply, ...rest } = engine(userData);
      await init();
      await plan({ out: paths.plan });
      await apply(paths.plan);
      const address = addressIn(await readOutputs({ engine: { init, plan, apply, ...rest } }));
      if (address === undefined) throw new Error(`the machine ${inputs.vm_name} has no address`);
      return address;
    },
    async end() {
      if (await ports.files.exists(paths.state)) {
        const { plan, apply } = engine("");
        if ((await plan({ out: paths.plan, destroy: true })).changes) await apply(paths.plan);
      }
      await behaviour.cleanUp?.(context);
      await ports.files.remove(paths.directory);
    },
  };
}
