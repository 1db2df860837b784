import { chmod, mkdir, readFile, readlink, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { realFiles } from "../system/realFiles.ts";
import type { Workspace } from "../Workspace.ts";
import { listStacks } from "./listStacks.ts";
import { makeStack } from "./makeStack.ts";
import { stackFixture, type StackFixture } from "./stackFixture.ts";
import { stackPaths } from "./stackPaths.ts";

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

const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
const within = (directory: string, path: string): Promise<string> => readFile(join(directory, path), "utf8");

describe("prepareStackDirectory", () => {
  it("makes a private directory that leads to the root module and the one provider", async () => {
    await provider("example");
    const { changed, paths } = await prepare("development", await provider("acme"));
    expect(changed).toBe(true);
    expect(paths.directory).toBe(join(workspace.root, "infrastructure/stacks/development/acme"));
    expect(await mode(paths.directory)).toBe(0o700);
    expect(await within(paths.directory, "main.tf")).toBe("# root");
    expect(await within(paths.directory, "modules/shared/main.tf")).toBe("# shared");
    expect(await within(paths.directory, "providers/acme/main.tf")).toBe("# acme");
    expect(await realFiles.list(join(paths.directory, "providers"))).toEqual(["acme"]);
    expect(await readlink(join(paths.directory, "main.tf"))).toBe("../../../terraform/main.tf");
    expect(await readlink(join(paths.directory, "providers/acme"))).toBe("../../../../terraform/providers/acme");
  });

  it("survives a move of the clone", async () => {
    const { paths } = await prepare("development", await provider("acme"));
    await rename(workspace.root, join(root, "moved"));
    const moved = paths.directory.replace(workspace.root, join(root, "moved"));
    expect(await within(moved, "main.tf")).toBe("# root");
    expect(await within(moved, "providers/acme/main.tf")).toBe("# acme");
  });

  it("links a provider from outside by its absolute path", async () => {
    const outside = await provider("acme", "path");
    const { paths } = await prepare("development", outside);
    expect(await readlink(join(paths.directory, "providers/acme"))).toBe(outside.folder);
  });

  it("leads to the right place where the stacks stand behind a link", async () => {
    await mkdir(join(root, "deep/er/disk"), { recursive: true });
    await symlink(join(root, "deep/er/disk"), workspace.stacks);
    const { paths } = await prepare("development", await provider("acme"));
    expect(await within(paths.directory, "main.tf")).toBe("# root");
    expect(await within(paths.directory, "providers/acme/main.tf")).toBe("# acme");
  });

  it("compatibility 9: writes values byte for byte, one key per line, readable by the owner only", async () => {
    const nasty = "quote \" ' $HOME ${var.x} %{if true} `id`\nline\\n";
    const { paths } = await prepare("development", await provider("acme"), { vm_name: nasty, vm_memory: 2048 });
    const text = await readFile(paths.variables, "utf8");
    expect(JSON.parse(text)).toEqual({ vm_name: nasty, vm_memory: 2048 });
    expect(text.split("\n")).toHaveLength(5);
    expect(text).toContain('\n  "vm_memory": 2048\n');
    expect(await mode(paths.variables)).toBe(0o600);
  });

  it("changes nothing the second time, and only what differs the third", async () => {
    const acme = await provider("acme");
    const { paths } = await prepare("development", acme);
    const before = await stat(paths.variables);
    const link = await realFiles.status(join(paths.directory, "main.tf"));
    expect((await prepare("development", acme)).changed).toBe(false);
    expect((await stat(paths.variables)).ino).toBe(before.ino);
    expect((await prepare("development", acme, { vm_name: "b" })).changed).toBe(true);
    expect((await stat(paths.variables)).ino).not.toBe(before.ino);
    expect(await realFiles.status(join(paths.directory, "main.tf"))).toEqual(link);
  });

  it("mends permissions, links that point elsewhere and links of a former provider", async () => {
    const acme = await provider("acme");
    const { paths } = await prepare("development", acme);
    await chmod(paths.directory, 0o755);
    await chmod(paths.variables, 0o644);
    await rm(join(paths.directory, "main.tf"));
    await symlink("/etc/hostname", join(paths.directory, "main.tf"));
    await symlink(workspace.providers, join(paths.directory, "providers", "former"));
    expect((await prepare("development", acme)).changed).toBe(true);
    expect(await mode(paths.directory)).toBe(0o700);
    expect(await mode(paths.variables)).toBe(0o600);
    expect(await within(paths.directory, "main.tf")).toBe("# root");
    expect(await realFiles.list(join(paths.directory, "providers"))).toEqual(["acme"]);
    expect(await realFiles.list(workspace.providers)).toEqual(["acme"]);
  });

  it("takes the provider's plugin lock once, and leaves the stack's own alone", async () => {
    const acme = await provider("acme");
    await put(join(acme.folder, ".terraform.lock.hcl"), "# provider's");
    const { paths } = await prepare("development", acme);
    expect(await readFile(paths.engineLock, "utf8")).toBe("# provider's");
    await writeFile(paths.engineLock, "# own");
    await prepare("development", acme);
    expect(await readFile(paths.engineLock, "utf8")).toBe("# own");
  });

  it("says what is missing of the root module", async () => {
    await rm(join(workspace.terraform, "outputs.tf"));
    await expect(prepare("development", await provider("acme"))).rejects.toMatchObject({
      code: "stack.rootModule",
      message: `the root module in ${workspace.terraform} lacks outputs.tf`,
    });
  });

  it("compatibility 1: variables of another provider never reach a stack", async () => {
    const acme = await prepare("development", await provider("acme"), { infrastructure_provider: "acme" });
    const example = await prepare("development", await provider("example"), { infrastructure_provider: "example" });
    expect(JSON.parse(await readFile(acme.paths.variables, "utf8"))).toEqual({ infrastructure_provider: "acme" });
    expect(JSON.parse(await readFile(example.paths.variables, "utf8"))).toEqual({ infrastructure_provider: "example" });
    for (const { paths } of [acme, example]) {
      const read = (await realFiles.list(paths.directory))?.filter((name) => /\.tfvars(\.json)?$/.test(name));
      expect(read).toEqual(["terraform.tfvars.json"]);
    }
    const shared = (await realFiles.list(workspace.terraform))?.filter((name) => name.includes("tfvars"));
    expect(shared).toEqual([]);
  });

  it("compatibility 2: environments and providers share no file that is written", async () => {
    const acme = await provider("acme");
    const [staging, production] = [await prepare("staging", acme), await prepare("production", acme)];
    const example = await prepare("production", await provider("example"));
    const written = [staging, production, example].flatMap(({ paths }) => Object.values(paths) as string[]);
    expect(new Set(written).size).toBe(written.length);
    await writeFile(staging.paths.state, "{}");
    expect(await realFiles.exists(production.paths.state)).toBe(false);
    expect(await realFiles.exists(example.paths.state)).toBe(false);
  });

  it("compatibility 3: each stack is found by its name, whatever was prepared last", async () => {
    await prepare("production", await provider("acme"));
    await prepare("development", await provider("example"));
    await writeFile(join(workspace.stacks, "notes.txt"), "");
    await mkdir(join(workspace.stacks, "production", ".hidden"));
    const stacks = await listStacks(workspace, realFiles);
    expect(stacks.map(({ name }) => name)).toEqual(["development/example", "production/acme"]);
    const directory = stackPaths(workspace, makeStack("production", "acme")).directory;
    expect(await within(directory, "providers/acme/main.tf")).toBe("# acme");
  });
});
