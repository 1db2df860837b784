import { mkdir, mkdtemp, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realFiles } from "../system/realFiles.ts";
import { workspaceAt, type Workspace } from "../Workspace.ts";
import { discoverProviders } from "./discoverProviders.ts";
import { findProvider } from "./findProvider.ts";

let root: string;
let workspace: Workspace;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "landfall-discover-"));
  workspace = workspaceAt(join(root, "clone"), join(root, "cache"));
  await mkdir(workspace.providers, { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(folder: string, text: string, agoMs = 60_000): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "provider.yaml");
  await writeFile(file, text);
  const time = new Date(Date.now() - agoMs);
  await utimes(file, time, time);
  return file;
}

const manifest = (name: string, title = name): string => `contract: 1\nname: ${name}\ntitle: ${title}\n`;
const inTree = (name: string): string => join(workspace.providers, name);
const discover = (path?: string) => discoverProviders(workspace, path, realFiles);

describe("discoverProviders", () => {
  it("compatibility 6: a dropped folder is a provider, and no other file changes", async () => {
    await put(inTree("acme"), manifest("acme"));
    const before = await discover();
    await put(inTree("example"), manifest("example"));
    const after = await discover();
    expect(before.providers.map(({ name }) => name)).toEqual(["acme"]);
    expect(after.providers.map(({ name }) => name)).toEqual(["acme", "example"]);
    expect(after.broken).toEqual([]);
    expect(await readFile(join(inTree("acme"), "provider.yaml"), "utf8")).toBe(manifest("acme"));
  });

  it("executes nothing of a provider", async () => {
    await put(inTree("acme"), manifest("acme"));
    await writeFile(join(inTree("acme"), "provider.ts"), `throw new Error("executed");`);
    expect((await discover()).providers).toHaveLength(1);
  });

  it("lists what is broken beside the rest, with reason and line", async () => {
    await put(inTree("acme"), manifest("acme"));
    await put(inTree("bad"), "contract: 1\nname: other\n");
    await mkdir(inTree("empty"));
    await symlink("/nowhere", inTree("dangling"));
    await mkdir(join(inTree("folder"), "provider.yaml"), { recursive: true });
    const { providers, broken } = await discover();
    expect(providers.map(({ name }) => name)).toEqual(["acme"]);
    expect(broken.map(({ name, reason }) => [name, reason])).toEqual([
      ["bad", "title is missing (and 1 more)"],
      ["dangling", "a link to nowhere"],
      ["empty", "there is no provider.yaml"],
      ["folder", "provider.yaml is no plain file"],
    ]);
    expect(broken[0]?.where).toBe(`${join(inTree("bad"), "provider.yaml")}:1`);
  });

  it("skips hidden names, names with an underscore and files", async () => {
    await put(inTree(".hidden"), manifest("hidden"));
    await put(inTree("_template"), manifest("template"));
    await writeFile(inTree("README.md"), "text");
    expect(await discover()).toMatchObject({ providers: [], broken: [] });
  });

  it("does not follow links out of the tree", async () => {
    await put(join(root, "elsewhere"), manifest("elsewhere"));
    await symlink(join(root, "elsewhere"), inTree("elsewhere"));
    await mkdir(inTree("partly"));
    await symlink(join(root, "elsewhere", "provider.yaml"), join(inTree("partly"), "provider.yaml"));
    const { providers, broken } = await discover();
    expect(providers).toEqual([]);
    expect(broken.map(({ name }) => name)).toEqual(["elsewhere", "partly"]);
    expect(broken[0]?.reason).toContain(`leaves the providers directory, to ${join(root, "elsewhere")}`);
  });

  it("looks into LANDFALL_PROVIDERS_PATH: directories of providers and single ones", async () => {
    await put(join(root, "many", "acme"), manifest("acme"));
    await put(join(root, "single"), manifest("single"));
    await put(join(workspace.root, "near", "relative"), manifest("relative"));
    await put(join(root, "store", "linked"), manifest("linked"));
    await symlink(join(root, "store", "linked"), join(root, "many", "linked"));
    const { providers, broken } = await discover(`${join(root, "many")}::${join(root, "single")}:near:/nowhere`);
    expect(providers.map(({ name, folder, origin }) => [name, folder, origin])).toEqual([
      ["acme", join(root, "many", "acme"), "path"],
      ["linked", join(root, "store", "linked"), "path"],
      ["relative", join(workspace.root, "near", "relative"), "path"],
      ["single", join(root, "single"), "path"],
    ]);
    expect(broken).toMatchObject([{ folder: "/nowhere", problems: [{ hint: "correct LANDFALL_PROVIDERS_PATH" }] }]);
  });

  it("keeps the first of two folders with one name", async () => {
    await put(inTree("acme"), manifest("acme", "first"));
    await put(join(root, "more", "acme"), manifest("acme", "second"));
    const { providers, broken } = await discover(`${join(root, "more")}:${workspace.providers}`);
    expect(providers.map(({ manifest: { title } }) => title)).toEqual(["first"]);
    expect(broken).toMatchObject([{ name: "acme", folder: join(root, "more", "acme") }]);
    expect(broken[0]?.reason).toBe(`the name is taken: ${inTree("acme")} is provider acme already`);
  });

  it("is empty, not an error, where the tree has no providers directory", async () => {
    await rm(workspace.providers, { recursive: true });
    expect(await discover()).toMatchObject({ providers: [], broken: [], searched: [workspace.providers] });
  });

  describe("with what the last scan kept", () => {
    it("reads a manifest again once it changed, also where only its time or size did", async () => {
      const file = await put(inTree("acme"), manifest("acme", "one"));
      expect((await discover()).providers[0]?.manifest.title).toBe("one");
      await put(inTree("acme"), manifest("acme", "two"), 50_000);
      expect((await discover()).providers[0]?.manifest.title).toBe("two");
      const { mtime } = await stat(file);
      await writeFile(file, manifest("acme", "three"));
      await utimes(file, mtime, mtime);
      expect((await discover()).providers[0]?.manifest.title).toBe("three");
    });

    it("does not trust a file that is as young as the cache", async () => {
      const file = await put(inTree("acme"), manifest("acme", "one"), 0);
      const { atime, mtime } = await stat(file);
      await discover();
      await writeFile(file, manifest("acme", "two"));
      await utimes(file, atime, mtime);
      expect((await discover()).providers[0]?.manifest.title).toBe("two");
    });

    it("forgets a folder that is gone, and one that became broken", async () => {
      await put(inTree("acme"), manifest("acme"));
      await put(inTree("example"), manifest("example"));
      await discover();
      await rm(inTree("acme"), { recursive: true });
      await put(inTree("example"), "contract: 1\n", 10_000);
      expect(await discover()).toMatchObject({ providers: [], broken: [{ name: "example" }] });
    });

    it("works without a cache directory that can be written, and with one that holds rubbish", async () => {
      await put(inTree("acme"), manifest("acme"));
      await writeFile(join(root, "cache"), "a file");
      expect((await discover()).providers).toHaveLength(1);
      await rm(join(root, "cache"));
      await discover();
      const [kept] = (await realFiles.list(join(root, "cache", "manifests"))) ?? [];
      await writeFile(join(root, "cache", "manifests", kept ?? ""), "{");
      expect((await discover()).providers).toHaveLength(1);
    });

    it("does not read the manifests again", async () => {
      await put(inTree("acme"), manifest("acme"));
      await discover();
      const read: string[] = [];
      const files = { ...realFiles, read: (path: string) => (read.push(path), realFiles.read(path)) };
      expect((await discoverProviders(workspace, undefined, files)).providers).toHaveLength(1);
      expect(read.map((path) => dirname(path))).toEqual([join(root, "cache", "manifests")]);
    });
  });
});

describe("findProvider", () => {
  it("gives the provider, or says what exists and what was probably meant", async () => {
    await put(inTree("acme"), manifest("acme"));
    await put(inTree("example"), manifest("example"));
    await put(inTree("bad"), "contract: 1\nname: bad\n");
    const discovery = await discover();
    expect(findProvider(discovery, "acme", workspace).folder).toBe(inTree("acme"));
    expect(() => findProvider(discovery, "acne", workspace)).toThrow(
      expect.objectContaining({
        code: "provider.unknown",
        exit: 3,
        message: 'there is no provider "acne": infrastructure/terraform/providers/acne does not exist',
        hint: "did you mean acme? there are: acme, example; broken: bad",
      }),
    );
    expect(() => findProvider(discovery, "bad", workspace)).toThrow(
      expect.objectContaining({
        code: "provider.broken",
        message: expect.stringContaining("title is missing"),
        problems: [expect.objectContaining({ where: `${join(inTree("bad"), "provider.yaml")}:1` })],
      }),
    );
  });

  it("compatibility 18: a name that is no provider is refused before anything is written", async () => {
    const discovery = await discover();
    expect(() => findProvider(discovery, "../../etc", workspace)).toThrow(
      expect.objectContaining({ code: "provider.unknown" }),
    );
    expect(await realFiles.exists(workspace.stacks)).toBe(false);
  });
});
