import { join } from "node:path";
import { createHost } from "../host/createHost.ts";
import type { ProviderContext, StackContext } from "../providers/behaviour.ts";
import type { Provider } from "../providers/Provider.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { OperationContext } from "./OperationContext.ts";
import { standardInputs } from "./standardInputs.ts";

/** What a provider's functions get that concern no stack. */
export function providerContext(
  provider: Provider,
  settings: Readonly<Record<string, string>>,
  unattended: boolean,
  context: OperationContext,
): ProviderContext {
  const cache = join(context.workspace.cache, "providers", provider.name);
  return {
    folder: provider.folder,
    cache,
    settings,
    architecture: context.ports.machine.architecture,
    unattended,
    host: createHost({ scope: provider.name, cache, unattended }, context.ports),
  };
}

/** What a provider's functions get that concern one stack. */
export function stackContext(
  loaded: LoadedStack,
  unattended: boolean,
  outputs: Readonly<Record<string, unknown>>,
  context: OperationContext,
): StackContext {
  const { stack, paths, provider, configuration } = loaded;
  return {
    ...providerContext(provider, configuration.settings, unattended, context),
    stack: { name: stack.name, environment: stack.environment, directory: paths.directory },
    inputs: standardInputs(loaded),
    outputs,
  };
}
