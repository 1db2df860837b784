import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { Provider } from "../providers/Provider.ts";
import { realFiles } from "../system/realFiles.ts";
import type { Workspace } from "../Workspace.ts";
import { initNeeded } from "./initNeeded.ts";
import { moduleTreeHash } from "./moduleTreeHash.ts";
import { prepareStackDirectory } from "./prepareStackDirectory.ts";
import { recordInit } from "./recordInit.ts";
import { saveAppliedTree } from "./saveAppliedTree.ts";
import { stackFixture, type StackFixture } from "./stackFixture.ts";

let root: string;
let workspace: Workspace;
let put: StackFixture["put"];
let provider: StackFixture["provider"];
let prepare: StackFixture["prepare"];

beforeEach(async () => {
  const fixture = await stackFixture();
  ({ root, workspace, put, provider, prepare } = fixture);
  return fixture.remove;
});

const within = (directory: string, path: string): Promise<string> => readFile(join(directory, path), "utf8");

describe("the module tree of a stack", () => {
  const hash = async (of: Provider): Promise<string> => {
    const { paths } = await prepare("development", of);
    return moduleTreeHash(paths, of, realFiles);
  };

  it("has a hash that changes with what init looks at, and with nothing else", async () => {
    const acme = await provider("acme");
    const first = await hash(acme);
    await put(join(acme.folder, "README.md"), "text");
    await put(join(acme.folder, "plugin", "x.tf"), "# none of the module's");
    expect(await hash(acme)).toBe(first);
    const seen = new Set([first]);
    for (const path of [
      join(workspace.terraform, "outputs.tf"),
      join(workspace.terraform, "modules/shared/more.tf"),
      join(acme.folder, "versions.tf"),
      join(acme.folder, "v1.2/nested/main.tf.json"),
      join(acme.folder, ".terraform.lock.hcl"),
    ]) {
      await put(path, "# changed");
      seen.add(await hash(acme));
    }
    expect(seen.size).toBe(6);
  });

  it("is initialized again only where the tree, the lock or a plugin differs", async () => {
    const acme = await provider("acme");
    const { paths } = await prepare("development", acme);
    expect(await initNeeded(paths, "tree", realFiles)).toBe(true);
    const platform = join(paths.directory, ".terraform/providers/registry.example/acme/acme/1.0.0");
    await mkdir(platform, { recursive: true });
    await mkdir(join(root, "mirror"));
    await symlink(join(root, "mirror"), join(platform, "linux_amd64"));
    await writeFile(paths.engineLock, "# written by init");
    await recordInit(paths, "tree", {}, realFiles);
    expect(await initNeeded(paths, "tree", realFiles)).toBe(false);
    expect(await initNeeded(paths, "other", realFiles)).toBe(true);

    await rm(join(root, "mirror"), { recursive: true });
    expect(await initNeeded(paths, "tree", realFiles)).toBe(true);
    await mkdir(join(root, "mirror"));
    expect(await initNeeded(paths, "tree", realFiles)).toBe(false);

    await writeFile(paths.engineLock, "# changed");
    expect(await initNeeded(paths, "tree", realFiles)).toBe(true);
    await recordInit(paths, "tree", {}, realFiles);
    await writeFile(paths.initStamp, "");
    expect(await initNeeded(paths, "tree", realFiles)).toBe(true);
    await recordInit(paths, "tree", {}, realFiles);
    await rm(join(paths.directory, ".terraform"), { recursive: true });
    expect(await initNeeded(paths, "tree", realFiles)).toBe(true);
  });

  it("is kept after an apply, without what the engine does not need, and used once the folder is gone", async () => {
    const acme = await provider("acme");
    await put(join(acme.folder, "provider.ts"), "export default {};");
    await put(join(acme.folder, "plugin/go.mod"), "module x");
    await put(join(acme.folder, "README.md"), "text");
    await put(join(acme.folder, ".terraform.lock.hcl"), "# lock");
    const { paths, stack } = await prepare("development", acme);
    await saveAppliedTree(paths, acme, workspace, realFiles);
    const kept = join(paths.appliedTree, "providers/acme");
    expect(await realFiles.list(kept)).toEqual([
      ".terraform.lock.hcl",
      "main.tf",
      "plugin",
      "provider.ts",
      "provider.yaml",
    ]);

    const before = await moduleTreeHash(paths, acme, realFiles);
    await rm(acme.folder, { recursive: true });
    await writeFile(join(workspace.terraform, "main.tf"), "# a newer root");
    const copy: Provider = { ...acme, folder: kept, origin: "copy" };
    const request = { workspace, stack, paths, provider: copy, variables: { vm_name: "a" } };
    expect(await prepareStackDirectory(request, { files: realFiles })).toEqual({ changed: true });
    expect(await prepareStackDirectory(request, { files: realFiles })).toEqual({ changed: false });
    expect(await within(paths.directory, "main.tf")).toBe("# root");
    expect(await within(paths.directory, "providers/acme/main.tf")).toBe("# acme");
    expect(await moduleTreeHash(paths, copy, realFiles)).toBe(before);

    await saveAppliedTree(paths, copy, workspace, realFiles);
    expect(await within(paths.directory, "providers/acme/main.tf")).toBe("# acme");
  });

  it("keeps one copy, the newest", async () => {
    const acme = await provider("acme");
    const { paths } = await prepare("development", acme);
    await saveAppliedTree(paths, acme, workspace, realFiles);
    await put(join(acme.folder, "main.tf"), "# newer");
    await saveAppliedTree(paths, acme, workspace, realFiles);
    expect(await readFile(join(paths.appliedTree, "providers/acme/main.tf"), "utf8")).toBe("# newer");
    const copies = (await realFiles.list(paths.directory))?.filter((name) => name.startsWith(".applied-"));
    expect(copies).toHaveLength(1);
  });

  it("says so where nothing was kept", async () => {
    const acme = await provider("acme");
    await expect(prepare("development", { ...acme, origin: "copy" })).rejects.toMatchObject({ code: "stack.noCopy" });
  });
});
