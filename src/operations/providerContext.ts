import { join } from "node:path";
import type { Secret } from "../configuration/Secret.ts";
import { inheritedSecrets } from "../engine/childEnvironment.ts";
import { createRedactor } from "../engine/createRedactor.ts";
import { createHost } from "../host/createHost.ts";
import type { Ports } from "../ports/Ports.ts";
import type { ProviderContext, StackContext } from "../providers/behaviour.ts";
import type { Provider } from "../providers/Provider.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { OperationContext, Stage } from "./OperationContext.ts";
import type { ProviderSettings } from "./providerSettings.ts";
import { standardInputs } from "./standardInputs.ts";

/** What a provider's functions get that concern no stack. */
export function providerContext(
  provider: Provider,
  { settings, secrets }: ProviderSettings,
  { unattended, stage }: { unattended: boolean; stage: Stage | undefined },
  context: OperationContext,
): ProviderContext {
  const cache = join(context.workspace.cache, "providers", provider.name);
  const path = provider.manifest.endpoint?.path ?? "";
  return {
    folder: provider.folder,
    cache,
    settings,
    secret: (key) => secrets[key]?.reveal(),
    endpoint: stage?.origin === undefined ? undefined : stage.origin + path,
    architecture: context.ports.machine.architecture,
    unattended,
    host: createHost({ scope: provider.name, cache, unattended }, redacting(context.ports, Object.values(secrets))),
  };
}

/** What the provider's programs print is told without what they were given, as with the engine. */
function redacting(ports: Ports, secrets: readonly Secret[]): Ports {
  const inherited = Object.entries(ports.machine.environment).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const redactor = createRedactor([
    ...secrets.map((secret) => secret.reveal()),
    ...inheritedSecrets(Object.fromEntries(inherited), {}),
  ]);
  if (redactor.idle) return ports;
  return {
    ...ports,
    emit: (event) => ports.emit(event.type === "child.output" ? { ...event, line: redactor.text(event.line) } : event),
  };
}

/** What a provider's functions get that concern one stack. */
export function stackContext(
  loaded: LoadedStack,
  options: {
    unattended: boolean;
    stage: Stage | undefined;
    changing?: boolean;
    lookUp: StackContext["lookUp"];
    sshPublicKey?: string;
    managed?: StackContext["managed"];
  },
  outputs: Readonly<Record<string, unknown>>,
  context: OperationContext,
): StackContext {
  const { stack, paths, provider, configuration } = loaded;
  return {
    ...providerContext(provider, configuration, options, context),
    stack: { name: stack.identity, environment: stack.environment, directory: paths.directory },
    inputs: { ...standardInputs(loaded), ssh_public_key: options.sshPublicKey ?? "" },
    changing: options.changing ?? false,
    managed: options.managed ?? [],
    outputs,
    lookUp: options.lookUp,
  };
}
