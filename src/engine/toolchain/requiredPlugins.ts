import { join } from "node:path";
import type { Files } from "../../ports/Files.ts";
import { parsePluginAddress, type PluginAddress, type PluginOwner } from "./pluginSource.ts";

/**
 * The plugins that a provider's module asks for, those of the manifest first. Read from the text of
 * `required_providers`: the engine, which could say it, may not be there yet.
 */
export async function requiredPlugins(owner: PluginOwner, files: Files): Promise<PluginAddress[]> {
  const names = (await files.list(owner.folder)) ?? [];
  const modules = await Promise.all(
    names
      .filter((name) => name.endsWith(".tf") || name.endsWith(".tofu"))
      .map((name) => files.read(join(owner.folder, name))),
  );
  const declared = owner.manifest.plugin === undefined ? [] : [owner.manifest.plugin.source];
  const sources = new Set([...declared, ...modules.flatMap((text) => sourcesIn(text ?? ""))]);
  return [...sources].map(parsePluginAddress).filter(({ namespace, host }) => !builtIn(host, namespace));
}

function sourcesIn(text: string): string[] {
  const code = text.replace(/^\s*(#|\/\/).*$/gm, "");
  return [...code.matchAll(/\brequired_providers\s*\{/g)].flatMap((match) => {
    const block = balanced(code.slice(match.index + match[0].length));
    return [...block.matchAll(/\bsource\s*=\s*"([^"]+)"/g)].map(([, source = ""]) => source);
  });
}

/** Up to the brace that closes what was opened before `text`. */
function balanced(text: string): string {
  let depth = 1;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === "{") depth += 1;
    else if (text[index] === "}") depth -= 1;
    if (depth === 0) return text.slice(0, index);
  }
  return text;
}

/** Part of the engine itself, such as `terraform_data`. */
function builtIn(host: string, namespace: string): boolean {
  return host === "terraform.io" && namespace === "builtin";
}
