import { join } from "node:path";
import { stateBackends } from "../configuration/stateBackends.ts";
import type { StackConfiguration } from "../configuration/StackConfiguration.ts";
import type { Secret } from "../configuration/Secret.ts";
import { passes } from "../engine/passes.ts";
import { createStateStore, type StatePlace, type StateStore } from "../engine/createStateStore.ts";
import type { StackPaths } from "../stacks/stackPaths.ts";
import type { PreparedComputer } from "./prepareComputer.ts";
import type { RunContext } from "./withRun.ts";

/** Who asks, for backends that tell others about it. */
const longestName = 63;

type Variables = Readonly<Record<string, string | Secret>>;

/** The place that the configuration names; `local` is a file of the stack's directory. */
export function configuredPlace(
  { state: settings, pluginEnvironment }: Pick<StackConfiguration, "state" | "pluginEnvironment">,
  { state }: Pick<StackPaths, "state">,
): StatePlace {
  if (settings.backend === "local") return localPlace(state);
  const shared = sharedVariables(pluginEnvironment, settings.passThrough);
  return { ...settings, environment: { ...shared, ...settings.environment } };
}

/** What a backend gets from the plugin: an engine has both's variables, so one of the same cloud uses the same account. */
export function sharedVariables(plugin: Variables, passThrough: readonly string[]): Variables {
  return Object.fromEntries(Object.entries(plugin).filter(([name]) => passes(name, passThrough)));
}

/** Where the states of this clone lie, for colleagues. */
export function clonePlace({ directory }: Pick<StackPaths, "directory">, { ports }: Pick<RunContext, "ports">): string {
  return `${ports.machine.hostname}:${directory}`;
}

export function localPlace(file: string): StatePlace {
  return { backend: "local", arguments: { path: file }, environment: {}, passThrough: [] };
}

/**
 * Whole states at one place. Every store needs a directory of its own. The engine wants the plugins of everything that
 * a state holds, even to read it.
 */
export function stateStoreOf(
  place: StatePlace,
  { paths, name }: { paths: StackPaths; name: string },
  { engine, plugin }: Pick<PreparedComputer, "engine" | "plugin">,
  context: RunContext,
): StateStore {
  const { ports, lock, interrupt, waitMs } = context;
  const directory = join(paths.stateAccess, `${name}-${place.backend}`);
  const patience = waitMs === undefined ? {} : { lockTimeoutMs: waitMs };
  const call = { program: engine.program, directory, inherit: [lock.fd], interrupt, ...patience };
  return createStateStore({ ...place, environment: { ...plugin.environment, ...place.environment } }, call, ports);
}

/** Tells the backend who is connected, where it has a way to show that. */
export function sessionVariable(backend: string, name: string): Record<string, string> {
  const variable = stateBackends.get(backend)?.session;
  return variable === undefined ? {} : { [variable]: name };
}

/** How a session of this run is known where a backend shows who is connected. */
export function sessionName(stack: string, { run, ports }: RunContext): string {
  const { user, hostname, pid } = ports.machine;
  const started = Math.floor(Date.parse(run.started) / 1000);
  return `landfall ${started} ${run.operation} ${stack} ${user}@${hostname} ${pid}`.slice(0, longestName);
}
