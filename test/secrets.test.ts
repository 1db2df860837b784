import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { fakePrograms } from "../src/configuration/testing/fakePrograms.ts";
import { canary, marker } from "./support/canary.ts";
import { findTestEngine } from "./support/findTestEngine.ts";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

const engine = await findTestEngine();
const token = canary("the token from pass");
const password = canary("the password from pass");
const key = canary("the key of the state from pass");
const pass = `case "$2" in token) echo ${token};; key) echo ${key};; password) echo ${password};; esac`;

/** A provider with a secret setting, whose machine shows what its plugin's environment holds. */
async function treeWithSecrets(environment: readonly string[]): Promise<Tree> {
  const tree = await makeTree();
  onTestFinished(() => tree.remove());
  const folder = await tree.addProvider("acme");
  const manifest = join(folder, "provider.yaml");
  const text = await readFile(manifest, "utf8");
  const setting = "  token: { description: Token, secret: true, environment: ACME_TOKEN }\n";
  await writeFile(manifest, text.replace("settings:\n", `settings:\n${setting}`));
  await appendFile(
    join(folder, "main.tf"),
    'resource "terraform_data" "seen" {\n  provisioner "local-exec" { command = "printf %s \\"$ACME_TOKEN\\" > \\"$HOME/seen.secret\\"" }\n}\n',
  );
  await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa-box", ...environment]);
  return tree;
}

const elsewhere = [
  "PROVIDER_ACME_TOKEN=${secret:command:pass show token}",
  "MYSQL_PASSWORD=${secret:command:pass show password}",
  "DATABASE_URL=mysql://u:${MYSQL_PASSWORD}@db",
  "TRACKER_ADMIN_TOKEN=${secret:file:token.secret}",
];

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

describe("secrets from elsewhere", () => {
  test.skipIf(engine === undefined)(
    "apply: the provider's reach the plugin, the application's are not asked for, and none is written anywhere",
    async () => {
      const { calls } = await fakePrograms({ pass });
      const tree = await treeWithSecrets([...elsewhere, "STATE_ENCRYPTION_KEY=${secret:command:pass show key}"]);
      await writeFile(join(tree.root, "token.secret"), `${password}\n`, { mode: 0o600 });
      const before = new Set(await filesBelow(tree.root));
      const run = (...argv: string[]): Promise<Outcome> =>
        landfall(tree.root, argv, { SKIP_WAIT: "true", HOME: tree.root, LANDFALL_TOFU: engine ?? "" });

      const applied = [
        await run("apply", "qa/acme", "--yes", "--json"),
        await run("plan", "qa/acme", "--json"),
        await run("plan", "qa/acme", "--verbose"),
      ];
      for (const { status, stdout, stderr } of applied) expect(status, stdout + stderr).toBe(0);
      expect(await readFile(join(tree.root, "seen.secret"), "utf8")).toBe(token);
      expect(new Set((await calls()).map((call) => call.join(" ")))).toEqual(
        new Set(["pass show token", "pass show key"]),
      );
      expect(await calls(), "once in each process").toHaveLength(6);

      const state = join(tree.root, "infrastructure/stacks/qa/acme/terraform.tfstate");
      expect(await readFile(state, "utf8")).toContain("encrypted_data");
      const output = applied.map(({ stdout, stderr }) => stdout + stderr).join("");
      expect(output).not.toContain(marker);
      const written = (await filesBelow(tree.root)).filter(
        (path) => !before.has(path) && !path.endsWith("/seen.secret"),
      );
      expect(written.length).toBeGreaterThan(10);
      for (const path of written) {
        const text = await readFile(path, "latin1");
        expect(
          [token, password, key].filter((secret) => text.includes(secret)),
          path,
        ).toEqual([]);
      }
    },
  );

  test("config show, config check, status, environments, providers and compare run nothing and show nothing", async () => {
    const { calls } = await fakePrograms({ pass });
    const tree = await treeWithSecrets(elsewhere);
    await writeFile(join(tree.root, "token.secret"), `${password}\n`, { mode: 0o600 });
    const show = await landfall(tree.root, ["config", "show", "qa/acme"]);
    expect(show.stdout).toMatch(/PROVIDER_ACME_TOKEN +\*\*\* +infrastructure\/config\/environments\/qa\.env:3/);
    expect(show.stdout).toMatch(/DATABASE_URL +\*\*\* /);
    const others = [
      ["config", "show", "qa/acme", "--json"],
      ["config", "check", "qa/acme"],
      ["status", "qa/acme", "--json"],
      ["environments"],
      ["providers"],
      ["compare", "qa"],
    ];
    for (const argv of others) {
      const { status, stdout, stderr } = await landfall(tree.root, argv);
      expect(status, argv.join(" ") + stderr).toBe(0);
      expect(show.stdout + stdout + stderr).not.toMatch(new RegExp(`${marker}|secret:command`));
    }
    expect(await calls()).toEqual([]);
    expect((await landfall(tree.root, ["doctor", "acme"])).status).toBe(0);
    expect(await calls(), "the environment's token is none of doctor's").toEqual([]);
  });

  test("config check names what is wrong, with file and line, in --json too", async () => {
    const { calls } = await fakePrograms({ pass });
    const tree = await treeWithSecrets(["A=${secret:command:nosuch x}", "B=${secret:file:none}", "VM_MEMORY=much"]);
    const { status, result } = await landfall(tree.root, ["config", "check", "qa/acme", "--json"]);
    expect(status).toBe(3);
    const file = "infrastructure/config/environments/qa.env";
    expect(result["error"]).toMatchObject({
      problems: [{ where: `${file}:3` }, { where: `${file}:4` }, { where: `${file}:5` }],
    });
    expect((await landfall(tree.root, ["config", "show", "qa/acme", "--set", "VM_MEMORY=512"])).status).toBe(0);
    expect(await calls()).toEqual([]);
  });

  test.skipIf(engine === undefined)("a rehearsal runs no command and reads no file", async () => {
    const { calls } = await fakePrograms({ pass });
    const tree = await treeWithSecrets(elsewhere);
    const { status, stdout, stderr } = await landfall(tree.root, ["plan", "qa/acme", "--rehearsal", "--json"], {
      LANDFALL_TOFU: engine ?? "",
    });
    expect(status, stdout + stderr).toBe(0);
    expect((await landfall(tree.root, ["doctor", "acme", "--rehearsal"])).status).toBe(0);
    expect(await calls()).toEqual([]);
  });

  test("a locked store: what it said, what to do, and nothing was touched", async () => {
    await fakePrograms({ pass: "echo 'gpg: decryption failed: No secret key' >&2; exit 2" });
    const tree = await treeWithSecrets(elsewhere);
    const { status, stderr } = await landfall(tree.root, ["apply", "qa/acme", "--yes"]);
    expect(status).toBe(1);
    expect(stderr).toContain(
      "infrastructure/config/environments/qa.env:3: pass show token ended with status 2: gpg: decryption failed: No secret key",
    );
    expect(await readdir(join(tree.root, "infrastructure"))).not.toContain("stacks");
  });
});
