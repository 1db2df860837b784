import { join } from "node:path";
import { AppError } from "../../errors.ts";
import { holdExclusively } from "../../holdExclusively.ts";
import type { Ports } from "../../ports/Ports.ts";
import type { Workspace } from "../../Workspace.ts";
import { buildWithGo } from "./buildWithGo.ts";
import { downloadEngine } from "./downloadEngine.ts";
import { engineVersion } from "./engineVersion.ts";
import { readGoRecipe } from "./goRecipe.ts";
import { engineDirectory, locateCached, type EngineOrigin, type Located } from "./locateEngine.ts";
import { step } from "./step.ts";

/**
 * Puts the engine into the cache: the official release, or, where that cannot be reached, built from source
 * by `engine/go.mod` below `root`. A release whose checksum is wrong ends it: nothing else is tried.
 */
export async function installEngine(workspace: Workspace, root: string, ports: Ports): Promise<Located> {
  return holdExclusively(
    join(workspace.cache, "engine"),
    "install",
    async () => {
      const ready = await locateCached(workspace, ports);
      if (ready !== undefined) return ready;
      await ports.files.makeDirectory(engineDirectory(workspace));
      const origin = (await installRelease(workspace, ports)) ?? (await installFromSource(workspace, root, ports));
      await ports.files.write(
        join(engineDirectory(workspace), "origin.json"),
        `${JSON.stringify(origin, undefined, 2)}\n`,
      );
      const installed = await locateCached(workspace, ports);
      if (installed === undefined) throw new Error("the engine vanished while it was installed");
      return installed;
    },
    ports,
  );
}

/** Undefined where the release cannot be had and the next way is due. */
async function installRelease(workspace: Workspace, ports: Ports): Promise<EngineOrigin | undefined> {
  try {
    const release = await downloadEngine(engineDirectory(workspace), ports);
    await finish(release.program, workspace, ports);
    return { way: "release", version: engineVersion, url: release.url, sha256: release.sha256 };
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith("network.")) throw error;
    ports.emit({
      type: "notice",
      level: "info",
      code: "engine.releaseUnreachable",
      message: `the engine's release cannot be had (${error.message}): it is built from source`,
    });
    return undefined;
  }
}

async function installFromSource(workspace: Workspace, root: string, ports: Ports): Promise<EngineOrigin> {
  const recipe = await readGoRecipe(join(root, "engine"), ports.files);
  if (recipe === undefined) throw new Error(`${root}/engine/go.mod is missing`);
  const output = join(engineDirectory(workspace), "tofu.new");
  const linkerFlags = `-X ${recipe.package.replace("/cmd/tofu", "")}/version.dev=no`;
  await step("engine", `engine, OpenTofu ${recipe.version}, built from source`, ports, async (current) => {
    await buildWithGo({ recipe, step: current, output, linkerFlags }, ports);
    await finish(output, workspace, ports);
  });
  return { way: "source", version: recipe.version };
}

/** Moves it into place only after it has run once. */
async function finish(program: string, workspace: Workspace, { files, processes }: Ports): Promise<void> {
  await files.chmod(program, 0o755);
  const outcome = await processes.run({ program, arguments: ["version"], environment: {}, timeoutMs: 20_000 });
  if (outcome.status !== 0 || !outcome.stdout.includes(`v${engineVersion}`)) {
    await files.remove(program);
    throw new AppError("engine.unusable", `the engine that was installed does not run: ${outcome.stderr.trim()}`, {
      hint: "install OpenTofu by hand and name it with LANDFALL_TOFU",
    });
  }
  await files.rename(program, join(engineDirectory(workspace), "tofu"));
}
