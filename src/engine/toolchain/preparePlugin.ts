import { dirname, join } from "node:path";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import { holdExclusively } from "../../holdExclusively.ts";
import type { Ports } from "../../ports/Ports.ts";
import type { Workspace } from "../../Workspace.ts";
import { builtPlugin } from "./builtPlugin.ts";
import { buildWithGo } from "./buildWithGo.ts";
import { builtSource, locatePlugin } from "./locatePlugin.ts";
import { formatPluginAddress, type PluginAddress, type PluginOwner, type PluginSource } from "./pluginSource.ts";
import { requiredPlugins } from "./requiredPlugins.ts";
import { step } from "./step.ts";

export type { PluginSource } from "./pluginSource.ts";

/** As `locatePlugin`; where nothing is found, builds the plugin by the recipe in the provider's folder. */
export async function preparePlugin(owner: PluginOwner, workspace: Workspace, ports: Ports): Promise<PluginSource> {
  const found = await locatePlugin(owner, workspace, ports);
  if (found !== undefined) return found;
  const [plugin] = await requiredPlugins(owner, ports.files);
  if (plugin === undefined) throw new Error(`provider ${owner.name} lost its plugin while it was prepared`);
  const built = await builtPlugin(owner, plugin, workspace, ports);
  if (built === undefined) throw noRecipe(owner, plugin);
  const { recipe, path } = built;

  const name = formatPluginAddress(plugin);
  const lock = `plugins-built.${name.replaceAll("/", "-")}`;
  return holdExclusively(
    workspace.cache,
    lock,
    async () => {
      if (!(await ports.files.exists(path))) {
        const title = `plugin ${plugin.namespace}/${plugin.type} ${recipe.version}, built from source`;
        await step(`plugin-${owner.name}`, title, ports, async (current) => {
          // Only the finished binary may stand in the mirror: its directory is what checksums are made of.
          const output = join(workspace.cache, "plugins-building", `${plugin.type}-${ports.machine.pid}`);
          await ports.files.makeDirectory(dirname(output));
          await buildWithGo({ recipe, step: current, output }, ports);
          await ports.files.chmod(output, 0o755);
          await ports.files.makeDirectory(dirname(path));
          await ports.files.rename(output, path);
        });
      }
      return builtSource(plugin, recipe.version, workspace, ports);
    },
    ports,
  );
}

function noRecipe(owner: PluginOwner, plugin: PluginAddress): AppError {
  return new AppError(
    "plugin.unreachable",
    `the registry ${plugin.host} does not answer, and provider ${owner.name} has no recipe to build its plugin ${formatPluginAddress(plugin)} (${join(owner.folder, "plugin", "go.mod")})`,
    {
      hint: "connect to the internet, or set LANDFALL_PLUGIN_MIRROR to a directory made by `tofu providers mirror`",
      exit: exitCodes.prerequisites,
    },
  );
}
