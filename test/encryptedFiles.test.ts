import { execFileSync, spawnSync } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { canary } from "./support/canary.ts";
import { findEncryption, pathWith } from "./support/findEncryption.ts";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";

const { age, sops } = await findEncryption();
const password = canary("the password in an encrypted file");
const text = [
  "# a comment",
  "",
  "ENVIRONMENT=qa",
  `MYSQL_PASSWORD='${password}'`,
  'NOTE="a \\"b\\" \\$c \\\\ d" # not part of it',
  "URL=x:${MYSQL_PASSWORD}@y",
  "export VM_NAME=box",
  "EMPTY=",
  "TWO=a=b",
  "",
].join("\n");

let tree: Tree;
let config: string;
let identity: string;
let recipient: string;

beforeEach(async () => {
  tree = await makeTree();
  onTestFinished(() => tree.remove());
  onTestFinished(() => void vi.unstubAllEnvs());
  await tree.addProvider("acme");
  config = join(tree.root, "infrastructure", "config");
  identity = join(tree.root, "identity.txt");
  if (age) {
    execFileSync("age-keygen", ["-o", identity], { stdio: "ignore" });
    recipient = execFileSync("age-keygen", ["-y", identity], { encoding: "utf8" }).trim();
  }
  if (sops !== undefined) vi.stubEnv("PATH", pathWith(sops));
  vi.stubEnv("HOME", tree.root);
});

const run = (argv: string[], environment: Record<string, string> = {}): Promise<Outcome> =>
  landfall(tree.root, argv, { LANDFALL_AGE_IDENTITY: identity, SOPS_AGE_KEY_FILE: identity, ...environment });

async function plain(content: string | Uint8Array): Promise<string> {
  const path = join(tree.root, "plain.env");
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

async function withAge(name: string, content: string | Uint8Array, ...options: string[]): Promise<void> {
  const from = await plain(content);
  execFileSync("age", [...options, "-r", recipient, "-o", join(config, `${name}.env.age`), from]);
  await rm(from);
}

async function withSops(file: string, content: string): Promise<void> {
  const from = await plain(content);
  const encrypted = execFileSync("sops", ["--encrypt", "--age", recipient, from]);
  await writeFile(join(config, file), encrypted);
  await rm(from);
}

/** Values by key, as they are before they are masked: what `config show` says of values that are not secret. */
async function shown(): Promise<Record<string, string>> {
  const { result, stdout, stderr } = await run(["config", "show", "qa/acme", "--json"]);
  expect(result["ok"], stdout + stderr).toBe(true);
  const values = result["values"] as { key: string; value: string; origin: { file?: string; line?: number } }[];
  return Object.fromEntries(
    values.map(({ key, value, origin }) => [key, `${value} ${origin.file ?? ""}:${origin.line ?? ""}`]),
  );
}

async function expectNothingPlain(): Promise<void> {
  const entries = await readdir(tree.root, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    expect((await readFile(path, "latin1")).includes(password), path).toBe(false);
  }
}

describe.skipIf(!age)("age", () => {
  test.each([
    ["binary", []],
    ["armored", ["--armor"]],
  ] as const)("a %s file is read as the plain one would be", async (_form, options) => {
    await withAge("environments/qa", text, ...options);
    const file = "infrastructure/config/environments/qa.env.age";
    expect(await shown()).toMatchObject({
      MYSQL_PASSWORD: `*** ${file}:4`,
      NOTE: `a "b" $c \\ d ${file}:5`,
      URL: `*** ${file}:6`,
      VM_NAME: `box ${file}:7`,
      TWO: `a=b ${file}:9`,
    });
    await expectNothingPlain();
    const { stdout } = await run(["environments", "--json"]);
    expect(stdout).toContain(`"name":"qa","state":"configured","file":"${file}"`);
  });

  test("the identity is also found where SOPS looks for it", async () => {
    await withAge("environments/qa", text);
    const own = { LANDFALL_AGE_IDENTITY: "" };
    expect((await run(["config", "check", "qa/acme"], own)).status).toBe(0);
    const nowhere = { ...own, SOPS_AGE_KEY_FILE: "" };
    const { status, stderr } = await run(["config", "check", "qa/acme"], nowhere);
    expect([status, stderr]).toEqual([3, expect.stringContaining(".config/sops/age/keys.txt does not exist")]);
    const home = join(tree.root, ".config", "sops", "age");
    await mkdir(home, { recursive: true });
    await copyFile(identity, join(home, "keys.txt"));
    const there = { ...nowhere, XDG_CONFIG_HOME: join(tree.root, ".config") };
    expect((await run(["config", "check", "qa/acme"], there)).status).toBe(0);
    const { stderr: named } = await run(["config", "check", "qa/acme"], { LANDFALL_AGE_IDENTITY: "/nowhere" });
    expect(named).toContain("LANDFALL_AGE_IDENTITY names /nowhere, which does not exist");
  });

  test("the key of state in it is not rotated behind its back", async () => {
    await withAge("environments/qa", `STATE_ENCRYPTION_KEY=${canary("the key of an encrypted file")}\n`);
    const path = join(config, "environments/qa.env.age");
    const before = await readFile(path);
    const { status, stderr } = await run(["state", "rotate", "qa", "--yes"]);
    expect([status, stderr]).toEqual([3, expect.stringContaining("environments/qa.env.age")]);
    expect(await readFile(path)).toEqual(before);
  });

  test("somebody else's file: what age says, and nothing is taken for an empty configuration", async () => {
    const other = join(tree.root, "other.txt");
    execFileSync("age-keygen", ["-o", other], { stdio: "ignore" });
    await withAge("environments/qa", text);
    const { status, stderr } = await run(["config", "check", "qa/acme"], { LANDFALL_AGE_IDENTITY: other });
    expect(status).toBe(1);
    expect(stderr).toContain(
      "infrastructure/config/environments/qa.env.age cannot be decrypted: age ended with status 1",
    );
    expect(stderr).toContain("no identity matched any of the recipients");
  });

  test("problems have the encrypted file's name and the plain text's line", async () => {
    await withAge("environments/qa", Buffer.from("A=1\n\nVM_MEMORY=much\nB=\xFF", "latin1"));
    const { stderr } = await run(["config", "check", "qa/acme"]);
    expect(stderr).toContain("infrastructure/config/environments/qa.env.age:3: VM_MEMORY is");
    expect(stderr).toContain("infrastructure/config/environments/qa.env.age:4: this is not valid UTF-8 text");
  });

  test("a provider's file too; a reference to elsewhere inside it is only looked at", async () => {
    await tree.environment("qa", ["ENVIRONMENT=qa"]);
    await withAge("providers/acme", "PROVIDER_ACME_MOTTO=encrypted\nX=${secret:file:nowhere}");
    expect((await shown())["PROVIDER_ACME_MOTTO"]).toBe("encrypted infrastructure/config/providers/acme.env.age:1");
    const { stderr } = await run(["config", "check", "qa/acme"]);
    expect(stderr).toContain("infrastructure/config/providers/acme.env.age:2: there is no file");
  });
});

describe.skipIf(!age || sops === undefined)("SOPS", () => {
  test.each(["qa.env.sops", "qa.env"])(
    "%s is read as the plain one would be, without its empty lines",
    async (name) => {
      await withSops(`environments/${name}`, text);
      const file = `infrastructure/config/environments/${name}`;
      expect(await shown()).toMatchObject({
        MYSQL_PASSWORD: `*** ${file}:3`,
        NOTE: `a "b" $c \\ d ${file}:4`,
        URL: `*** ${file}:5`,
        VM_NAME: `box ${file}:6`,
        EMPTY: ` ${file}:7`,
        TWO: `a=b ${file}:8`,
      });
      expect(JSON.stringify(await shown())).not.toContain("sops_");
      await expectNothingPlain();
    },
  );

  test("what SOPS itself does to such files is what the documentation says", async () => {
    const verbatim = ["# c", "A=x # y", "B= 'q' ", 'C="\\n\\"$D"', "#D=1", "export E=1", "F=\\n"].join("\n");
    await withSops("environments/qa.env.sops", `${verbatim}\n`);
    const path = join(config, "environments/qa.env.sops");
    const decrypt = ["--decrypt", "--input-type", "dotenv", "--output-type", "dotenv", path];
    const options = { encoding: "utf8", env: { ...process.env, SOPS_AGE_KEY_FILE: identity } } as const;
    expect(execFileSync("sops", decrypt, options)).toBe(`${verbatim}\n`);
    for (const refused of ['A="one\ntwo"\n', "  # indented\nA=1\n"]) {
      expect(spawnSync("sops", ["--encrypt", "--age", recipient, await plain(refused)]).status).not.toBe(0);
    }
  });

  test("a file that was changed without SOPS, and a missing key", async () => {
    await withSops("environments/qa.env.sops", text);
    const path = join(config, "environments/qa.env.sops");
    const encrypted = await readFile(path, "utf8");
    const { status, stderr } = await run(["config", "check", "qa/acme"], { SOPS_AGE_KEY_FILE: "/nowhere" });
    expect(status).toBe(1);
    expect(stderr).toContain("qa.env.sops cannot be decrypted: sops ended with status 128");
    await writeFile(path, encrypted.replace(/^EMPTY=.*$/m, "EMPTY=added"));
    const changed = await run(["config", "check", "qa/acme"]);
    expect([changed.status, changed.stderr]).toEqual([1, expect.stringContaining("cannot be decrypted")]);
  });
});
