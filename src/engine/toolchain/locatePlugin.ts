import { join } from "node:path";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Ports } from "../../ports/Ports.ts";
import type { Workspace } from "../../Workspace.ts";
import { builtMirror, builtPlugin } from "./builtPlugin.ts";
import { mirrorConfiguration } from "./mirrorConfiguration.ts";
import { formatPluginAddress, type PluginAddress, type PluginOwner, type PluginSource } from "./pluginSource.ts";
import { registryReachable } from "./registryReachable.ts";
import { requiredPlugins } from "./requiredPlugins.ts";

/**
 * Where a provider's plugin comes from, in this order: the user's engine configuration, LANDFALL_PLUGIN_MIRROR,
 * what was built here before, the registry. Undefined where it has to be built first (`preparePlugin`).
 */
export async function locatePlugin(
  owner: PluginOwner,
  workspace: Workspace,
  ports: Ports,
): Promise<PluginSource | undefined> {
  const { files, machine } = ports;
  const plugins = await requiredPlugins(owner, files);
  const [plugin] = plugins;
  const configured = await userConfiguration(ports);
  if (configured?.installation === true || (configured !== undefined && plugin === undefined)) {
    return {
      kind: "configured",
      description: `as ${configured.path} says`,
      environment: { TF_CLI_CONFIG_FILE: configured.path },
    };
  }
  if (plugin === undefined) return { kind: "none", description: "not needed", environment: {} };

  const mirror = machine.environment["LANDFALL_PLUGIN_MIRROR"];
  if (mirror !== undefined && mirror !== "") return fromMirror(mirror, plugins, workspace, ports);

  const built = await builtPlugin(owner, plugin, workspace, ports);
  if (built !== undefined && (await files.exists(built.path))) {
    return builtSource(plugin, built.recipe.version, workspace, ports);
  }
  if (!(await registryReachable(plugin.host, workspace, ports))) return undefined;
  const cache = join(workspace.cache, "plugins");
  await files.makeDirectory(cache);
  return {
    kind: "registry",
    description: `from the registry ${plugin.host}`,
    environment: {
      TF_PLUGIN_CACHE_DIR: cache,
      ...(configured === undefined ? {} : { TF_CLI_CONFIG_FILE: configured.path }),
    },
  };
}

/** The source for a plugin that was built here. */
export async function builtSource(
  plugin: PluginAddress,
  version: string,
  workspace: Workspace,
  { files }: Ports,
): Promise<PluginSource> {
  return {
    kind: "built",
    description: `${formatPluginAddress(plugin)} ${version}, built from source`,
    version,
    environment: await mirrorConfiguration(builtMirror(workspace), [plugin], workspace, files),
  };
}

async function fromMirror(
  mirror: string,
  plugins: readonly PluginAddress[],
  workspace: Workspace,
  { files }: Ports,
): Promise<PluginSource> {
  const found = await Promise.all(plugins.map((plugin) => files.exists(join(mirror, formatPluginAddress(plugin)))));
  const missing = plugins.filter((_, index) => found[index] !== true);
  if (missing.length > 0) {
    throw new AppError("plugin.notInMirror", `LANDFALL_PLUGIN_MIRROR names ${mirror}, which lacks a plugin`, {
      hint: "fill it with `tofu providers mirror` on a computer that reaches the registry, or unset LANDFALL_PLUGIN_MIRROR",
      exit: exitCodes.prerequisites,
      problems: missing.map((plugin) => ({
        message: `${formatPluginAddress(plugin)} is not there`,
        where: join(mirror, formatPluginAddress(plugin)),
      })),
    });
  }
  return {
    kind: "mirror",
    description: `from the mirror ${mirror}`,
    environment: await mirrorConfiguration(mirror, plugins, workspace, files),
  };
}

/** The engine's own configuration file that the user has, and whether it says where plugins come from. */
async function userConfiguration({
  files,
  machine,
}: Ports): Promise<{ path: string; installation: boolean } | undefined> {
  const { TF_CLI_CONFIG_FILE: named } = machine.environment;
  // The engine itself goes on without a file that is named but not there.
  const candidates = [...(named ? [named] : []), join(machine.home, ".tofurc"), join(machine.home, ".terraformrc")];
  for (const path of candidates) {
    const text = await files.read(path);
    if (text !== undefined) return { path, installation: path === named || /^\s*provider_installation\b/m.test(text) };
  }
  return undefined;
}
