import { join } from "node:path";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Ports } from "../../ports/Ports.ts";
import { argv } from "../argv.ts";
import { childEnvironment } from "../childEnvironment.ts";
import { engineFailure } from "../engineFailure.ts";
import { readTextDiagnostics } from "../readTextDiagnostics.ts";
import type { Located } from "./locateEngine.ts";
import type { PluginOwner } from "./pluginSource.ts";
import { requiredPlugins } from "./requiredPlugins.ts";
import { step } from "./step.ts";

const platforms = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"];

/**
 * Records the published checksums of a provider's plugins in its folder. Only the registry knows them:
 * mirrors and builds of this computer are not asked. Gives the path of the lock file.
 */
export async function lockProviderPlugins(owner: PluginOwner, engine: Located, ports: Ports): Promise<string> {
  const plugins = await requiredPlugins(owner, ports.files);
  const path = join(owner.folder, ".terraform.lock.hcl");
  if (plugins.length === 0) {
    throw new AppError("plugin.none", `provider ${owner.name} uses no plugin: there is nothing to lock`, {
      hint: "a lock is needed only where the module has `required_providers`",
      exit: exitCodes.usage,
    });
  }
  const data = await ports.files.temporaryDirectory("landfall-lock-");
  try {
    await step(`lock-${owner.name}`, `plugin checksums of provider ${owner.name}`, ports, async () => {
      const outcome = await ports.processes.run({
        program: engine.program,
        arguments: argv.lockPlugins(platforms),
        directory: owner.folder,
        // An empty configuration: whatever mirror the user has must not stand in for the registry.
        environment: childEnvironment(ports.machine.environment, {
          TF_DATA_DIR: data,
          TF_CLI_CONFIG_FILE: "/dev/null",
          TF_IN_AUTOMATION: "1",
          CHECKPOINT_DISABLE: "1",
        }),
        idleTimeoutMs: 900_000,
      });
      if (outcome.status === 0) return;
      throw engineFailure({
        command: "providers lock",
        status: outcome.status,
        diagnostics: readTextDiagnostics(outcome.stderr),
        output: outcome.stderr.trim().split("\n"),
        directory: owner.folder,
        interrupted: false,
      });
    });
  } finally {
    await ports.files.remove(data);
  }
  return path;
}
