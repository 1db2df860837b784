import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine } from "../../src/engine/createEngine.ts";
import { preparePlugin } from "../../src/engine/toolchain/preparePlugin.ts";
import { discoverProviders } from "../../src/providers/discoverProviders.ts";
import { findProvider } from "../../src/providers/findProvider.ts";
import { realPorts } from "../../src/system/realPorts.ts";
import { workspaceAt } from "../../src/Workspace.ts";
import { findTestEngine } from "./findTestEngine.ts";
import { cache } from "./landfall.ts";
import { repository } from "./makeTree.ts";

export interface OldTree {
  root: string;
  /** `tofu init` and `tofu apply` in the one directory that the shell version had. */
  apply(variables: Record<string, unknown>, environment: Record<string, string>): Promise<void>;
  remove(): Promise<void>;
}

/** A copy of an old tree of the fixtures, and the tool that it was used with. */
export async function makeOldTree(fixture: string, provider: string): Promise<OldTree> {
  const root = await mkdtemp(join(tmpdir(), "landfall-old-"));
  await cp(join(repository, "test", "fixtures", "old-trees", fixture), root, { recursive: true });
  const directory = join(root, "infrastructure", "terraform");
  return {
    root,
    async apply(variables, environment) {
      const ports = realPorts(() => undefined);
      const workspace = workspaceAt(repository, cache);
      const owner = findProvider(await discoverProviders(workspace, undefined, ports.files), provider, workspace);
      const plugin = await preparePlugin(owner, workspace, ports);
      const program = (await findTestEngine()) ?? "tofu";
      await writeFile(join(directory, "given.auto.tfvars.json"), JSON.stringify(variables));
      const engine = createEngine(
        { program, directory, environment: { ...plugin.environment, ...environment } },
        ports,
      );
      const plan = join(directory, "plan");
      await engine.init();
      await engine.plan({ out: plan });
      await engine.apply(plan);
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
