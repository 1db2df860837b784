import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Files } from "../../ports/Files.ts";
import type { Workspace } from "../../Workspace.ts";
import { formatPluginAddress, type PluginAddress } from "./pluginSource.ts";

/** Writes the engine's configuration that takes these plugins from a mirror and all others from their registry. */
export async function mirrorConfiguration(
  mirror: string,
  plugins: readonly PluginAddress[],
  workspace: Workspace,
  files: Files,
): Promise<{ TF_CLI_CONFIG_FILE: string }> {
  const names = JSON.stringify(plugins.map(formatPluginAddress));
  const text = [
    "provider_installation {",
    "  filesystem_mirror {",
    `    path    = ${JSON.stringify(mirror)}`,
    `    include = ${names}`,
    "  }",
    "  direct {",
    `    exclude = ${names}`,
    "  }",
    "}",
    "",
  ].join("\n");
  const directory = join(workspace.cache, "engine-configuration");
  const path = join(directory, `${createHash("sha256").update(text).digest("hex").slice(0, 16)}.tfrc`);
  if ((await files.read(path)) !== text) {
    await files.makeDirectory(directory);
    await files.write(path, text);
  }
  return { TF_CLI_CONFIG_FILE: path };
}
