import { join } from "node:path";

/**
 * Where a provider's folder may bring the template of its settings; one of that name in the tree's `config/providers/` comes
 * first. Under another name the folder's own does not count: its variables would be those of the former name.
 */
export function templateIn(folder: string, name: string): string {
  return join(folder, `${name}.env.tpl`);
}
