import { join } from "node:path";
import { Secret } from "../configuration/Secret.ts";
import type { StateSettings } from "../configuration/StateSettings.ts";
import { backendBlock } from "../engine/backendBlock.ts";
import { createEngine, type Engine } from "../engine/createEngine.ts";
import type { StackContext } from "../providers/behaviour.ts";
import type { ModuleWrapper } from "../providers/ModuleWrapper.ts";
import { generateKeyPair } from "../remote/generateKeyPair.ts";
import { resolveSshKey, type SshKey } from "../remote/resolveSshKey.ts";
import { checkState } from "../stacks/checkState.ts";
import { prepareStackDirectory } from "../stacks/prepareStackDirectory.ts";
import { resourcesOf, type StateContent } from "../stacks/StateContent.ts";
import { checkInterrupted } from "./checkInterrupted.ts";
import { checkStage } from "./checkStage.ts";
import { chooseType, recordedType } from "./chooseType.ts";
import { initializeStack } from "./initializeStack.ts";
import { journalOf, outsideOf } from "./journalOf.ts";
import { knownFrom } from "./knownFrom.ts";
import { forgetKnownStack, readKnownStack, type KnownStack } from "./knownStack.ts";
import type { LoadedStack } from "./loadStack.ts";
import { lookUpIn } from "./lookUpIn.ts";
import { openState } from "./openState.ts";
import { pluginEnvironment } from "./pluginEnvironment.ts";
import { stackContext } from "./providerContext.ts";
import type { ReadyStack } from "./readyStack.ts";
import { restoreIdentity } from "./restoreIdentity.ts";
import { standardInputs } from "./standardInputs.ts";
import { trustMachine } from "./trustMachine.ts";
import type { RunContext } from "./withRun.ts";

/** What may change what exists by its preparation; a destroy asks first, and everything else only looks. */
const changingOperations = ["apply", "recover"];

export interface OpenStack extends LoadedStack {
  engine: Engine;
  /** Where the provider's module does not keep the contract itself. */
  wrapper: ModuleWrapper | undefined;
  /** What the plugin gets besides what it inherits; holds secrets. */
  pluginEnvironment: Readonly<Record<string, string | Secret>>;
  sshKey: SshKey;
  /** As it was when the run began. */
  state: StateContent | undefined;
  known: KnownStack | undefined;
  providerContext: StackContext;
}

/**
 * Makes the stack's directory ready for the engine: keys, the provider's own preparation, variables, plugins.
 * Initializes only where the module tree or the plugins changed.
 */
export async function openStack(
  { loaded, behaviour, computer, unattended, stage, adopted }: ReadyStack,
  context: RunContext,
): Promise<OpenStack> {
  const { ports, workspace } = context;
  const { stack, paths, provider, configuration } = loaded;
  const adopts = provider.manifest.capabilities.local === true || behaviour.findOrphans !== undefined;
  const remembered = await readKnownStack(paths, ports.files);
  await checkState(paths, adopts && remembered === undefined, ports);
  await checkStage(paths, provider.name, context);
  const { program } = computer.engine;
  const state = await openState(loaded, computer, context);
  if (state.emptied) await forgetKnownStack(paths, ports.files);
  const last = (await (await journalOf(loaded, context)).entries()).findLast(({ ending }) => ending === "finished");
  // What was taken over bears other labels until its first apply: no search finds it.
  const canRebuild = behaviour.findOrphans !== undefined && last?.operation !== "migrate";
  const rebuilding = { canRebuild, outside: await outsideOf(loaded, context) };
  const known = knownFrom(state, remembered, loaded, rebuilding, context);
  const plugin = pluginEnvironment(loaded, computer, stage);
  const call = {
    program,
    environment: { ...plugin.environment, ...state.environment },
    passThrough: [...plugin.passThrough, ...state.passThrough],
    inherit: [context.lock.fd],
    eventsFile: join(context.run.directory, "engine.ndjson"),
    interrupt: context.interrupt,
    ...(context.waitMs === undefined ? {} : { lockTimeoutMs: context.waitMs }),
  };
  const lookUp: StackContext["lookUp"] = (folder, variables) =>
    lookUpIn({ folder, variables, paths, provider, call }, ports);
  const type = await chooseType(loaded, recordedType(state.content) ?? adopted, ports);
  await restoreIdentity(paths, state.content, ports);
  const [sshKey, hostKey] = await Promise.all([
    stackSshKey(loaded, context),
    generateKeyPair(paths.hostKey, stack.name, ports),
  ]);
  const forProvider = stackContext(
    loaded,
    {
      unattended,
      stage,
      changing: changingOperations.includes(context.run.operation),
      lookUp,
      sshPublicKey: sshKey.publicKey,
      managed: resourcesOf(state.content, "module.provider").map(({ address, id }) => ({ address, id })),
    },
    known?.outputs ?? {},
    context,
  );
  const computed = (await behaviour.prepare?.(forProvider)) ?? {};
  const wrapper = await behaviour.wrapModule?.(forProvider, (folder) =>
    createEngine({ ...call, directory: paths.directory }, ports).moduleDescription(folder),
  );
  await trustMachine(loaded, known?.outputs ?? {}, ports.files);
  checkInterrupted(context);

  await prepareStackDirectory(
    {
      workspace,
      stack,
      paths,
      provider,
      variables: {
        infrastructure_provider: provider.name,
        ...standardInputs(loaded),
        ssh_public_key: sshKey.publicKey,
        ssh_host_public_key: hostKey.publicKey,
        prepare_over_ssh: provider.manifest.capabilities.user_data !== true,
        machine_type: type === undefined ? null : { type: type.type, need: type.need ?? null },
        settings: wrapper?.settings ?? {
          ...configuration.settings,
          ...(type === undefined ? {} : { [provider.manifest.catalog?.type ?? ""]: type.type }),
          ...computed,
        },
      },
      backend: backendOf(configuration.state),
      wrapper: wrapper?.text,
    },
    ports,
  );
  const hostPrivateKey = await ports.files.read(paths.hostKey);
  const engine = createEngine(
    {
      ...call,
      directory: paths.directory,
      environment: {
        ...call.environment,
        ...secretsOf(wrapper),
        TF_VAR_ssh_host_private_key: new Secret(hostPrivateKey ?? ""),
      },
      secrets: wrapper?.secrets.map((secret) => new Secret(secret)) ?? [],
    },
    ports,
  );
  await initializeStack(loaded, engine, wrapper, context);
  return {
    ...loaded,
    engine,
    wrapper,
    pluginEnvironment: { ...plugin.environment, ...secretsOf(wrapper) },
    sshKey,
    state: state.content,
    known,
    providerContext: forProvider,
  };
}

function backendOf({ backend, arguments: settings }: StateSettings): string | undefined {
  return backend === "local" ? undefined : backendBlock(backend, settings);
}

/** The key that was used at creation stays with the stack; it is recorded when it is first chosen. */
async function stackSshKey({ paths, configuration }: LoadedStack, { ports, rehearsal }: RunContext): Promise<SshKey> {
  const { standard } = configuration;
  const recorded = await ports.files.read(paths.authorizedKey);
  const key = await resolveSshKey(
    {
      home: ports.machine.home,
      generatedKeyPath: paths.generatedKey,
      // A rehearsal needs nothing of the user's: there a key is made for every stack that has none.
      protected: standard.protected && rehearsal === undefined,
      ...(standard.sshPublicKey === undefined ? {} : { configured: standard.sshPublicKey }),
      ...(standard.sshPrivateKeyFile === undefined ? {} : { privateKeyFile: standard.sshPrivateKeyFile }),
      ...(recorded === undefined ? {} : { recorded: recorded.trim() }),
    },
    ports,
  );
  if (recorded?.trim() !== key.publicKey) await ports.files.write(paths.authorizedKey, `${key.publicKey}\n`);
  return key;
}

function secretsOf(wrapper: ModuleWrapper | undefined): Record<string, Secret> {
  return Object.fromEntries(
    Object.entries(wrapper?.secretEnvironment ?? {}).map(([name, value]) => [name, new Secret(value)]),
  );
}
