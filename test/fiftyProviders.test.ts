import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { appendFile, cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { realFiles } from "../src/system/realFiles.ts";
import { landfall } from "./support/landfall.ts";
import { makeTree, repository, type Tree } from "./support/makeTree.ts";

/** The fiftieth provider is a folder like the first: no other file of the clone changes. */
const names = Array.from({ length: 50 }, (_, index) => `cloud-${String(index + 1).padStart(2, "0")}`);
let tree: Tree;
const git = (...words: string[]): string =>
  execFileSync("git", ["-C", tree.root, "-c", "user.name=a", "-c", "user.email=a@example.org", ...words], {
    encoding: "utf8",
  });
const folderOf = (name: string): string => join(tree.root, "infrastructure", "terraform", "providers", name);

beforeAll(async () => {
  tree = await makeTree();
  await cp(join(repository, ".gitignore"), join(tree.root, ".gitignore"));
  git("init", "-q", "-b", "trunk");
  // The test's own home.
  await appendFile(join(tree.root, ".git", "info", "exclude"), "/.user-state/\n");
  git("add", ".");
  git("commit", "-q", "-m", "before");
  for (const [index, name] of names.entries()) await generate(name, index);
});
afterAll(() => tree.remove());

/** Each takes other settings, of other kinds. */
async function generate(name: string, index: number): Promise<void> {
  const folder = folderOf(name);
  await cp(join(repository, "test", "fixtures", "providers", "acme"), folder, { recursive: true });
  const keys = Array.from({ length: index % 7 }, (_, key) => `setting_${key}`);
  const settings = keys.map((key) => `  ${key}: { description: A setting, default: "${index}" }\n`).join("");
  const manifest = [
    `contract: 1\nname: ${name}\ntitle: Cloud ${index + 1}\n`,
    keys.length === 0 ? "" : `settings:\n${settings}`,
    `defaults: { vm_memory: ${1024 + index}, vm_vcpus: 2, vm_disk_size: 20 }\n`,
    "capabilities:\n  local: true\n  user_data: true\n",
    ...["data_disk", "reserve_address", "ipv6", "console"].map((one) => `  ${one}: nothing is really made\n`),
    "resources: { machine: [terraform_data.machine] }\n",
  ];
  await writeFile(join(folder, "provider.yaml"), manifest.join(""));
  await writeFile(
    join(folder, "README.md"),
    `# Cloud ${index + 1}\n\n## What it needs\n\nNothing.\n\n## Limits\n\nAll.\n`,
  );
  const variables = await readFile(join(folder, "variables.tf"), "utf8");
  const type = `variable "settings" {\n  type = object({${keys.map((key) => ` ${key} = optional(${index % 2 === 0 ? "string" : "number"}),`).join("")} })\n}\n`;
  const at = variables.indexOf(`variable "settings"`);
  const end = variables.indexOf("\n}\n", at) + 3;
  await writeFile(join(folder, "variables.tf"), variables.slice(0, at) + type + variables.slice(end));
  const module = await readFile(join(folder, "main.tf"), "utf8");
  await writeFile(join(folder, "main.tf"), module.replace("var.settings.motto", "jsonencode(var.settings)"));
}

test("all are listed, and each describes itself", async () => {
  const { result } = await landfall(tree.root, ["providers", "--json"]);
  expect(result["broken"]).toEqual([]);
  expect((result["providers"] as { name: string }[]).map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  const { stdout } = await landfall(tree.root, ["provider", "info", "cloud-50"]);
  expect(stdout).toContain("cloud-50: Cloud 50");
});

test("all pass provider check at level static", async () => {
  for (const name of names) {
    const { result } = await landfall(tree.root, ["provider", "check", name, "--level", "static", "--json"]);
    const failed = (result["verdicts"] as { id: string; verdict: string }[]).filter(
      ({ verdict }) => verdict === "failed",
    );
    expect([result["ok"], failed], name).toEqual([true, []]);
  }
});

test("one of them makes, keeps and removes a machine; git sees the new folders and nothing else", async () => {
  const run = (...argv: string[]) => landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true" });
  const applied = await run("apply", "development/cloud-37", "--yes");
  expect(applied.result, applied.stdout).toMatchObject({ ok: true, changed: true });
  expect((await run("apply", "development/cloud-37", "--yes")).result).toMatchObject({ ok: true, changed: false });
  expect((await run("destroy", "development/cloud-37", "--yes")).result).toMatchObject({ ok: true });
  expect(git("diff", "HEAD")).toBe("");
  const folders = names.map((name) => `?? infrastructure/terraform/providers/${name}/`);
  expect(git("status", "--porcelain").trim().split("\n")).toEqual(folders);
});

test("with provider add the only other file is the record", async () => {
  const away = await realFiles.temporaryDirectory("landfall-fifty-");
  try {
    for (const name of names) await cp(folderOf(name), join(away, name), { recursive: true });
    git("clean", "-qfd", "infrastructure/terraform/providers");
    expect(existsSync(folderOf("cloud-01"))).toBe(false);
    for (const name of names) {
      const { result } = await landfall(tree.root, ["provider", "add", join(away, name), "--yes", "--json"]);
      expect(result).toMatchObject({ ok: true, provider: name });
    }
    expect(git("diff", "HEAD")).toBe("");
    const folders = names.map((name) => `?? infrastructure/terraform/providers/${name}/`);
    expect(git("status", "--porcelain").trim().split("\n")).toEqual(
      ["?? infrastructure/terraform/providers.lock.json", ...folders].sort(),
    );
    const { result } = await landfall(tree.root, ["doctor", "cloud-50", "--json"]);
    expect(result).toMatchObject({ ok: true });
  } finally {
    await rm(away, { recursive: true, force: true });
  }
}, 120_000);
