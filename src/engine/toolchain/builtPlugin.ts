import { join } from "node:path";
import type { Ports } from "../../ports/Ports.ts";
import type { Workspace } from "../../Workspace.ts";
import { readGoRecipe, type GoRecipe } from "./goRecipe.ts";
import { formatPluginAddress, type PluginAddress, type PluginOwner } from "./pluginSource.ts";

/** The local mirror of plugins that were built here, laid out as the engine wants a `filesystem_mirror`. */
export function builtMirror(workspace: Workspace): string {
  return join(workspace.cache, "plugins-built");
}

/** What the recipe in a provider's folder builds, and where it belongs; undefined where there is no recipe. */
export async function builtPlugin(
  owner: PluginOwner,
  address: PluginAddress,
  workspace: Workspace,
  { files, machine }: Ports,
): Promise<{ recipe: GoRecipe; path: string } | undefined> {
  const recipe = await readGoRecipe(join(owner.folder, "plugin"), files);
  if (recipe === undefined) return undefined;
  const path = join(
    builtMirror(workspace),
    formatPluginAddress(address),
    recipe.version,
    `${machine.system}_${machine.architecture}`,
    `terraform-provider-${address.type}_v${recipe.version}`,
  );
  return { recipe, path };
}
