import { chmod, lstat, mkdir, readFile, readdir, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { canary } from "./support/canary.ts";
import {
  configurationTree,
  personal,
  sshKey,
  environments,
  providers,
  sets,
  type ConfigurationTree,
} from "./support/configurationTree.ts";

const token = canary("a cloud's token", 64);

let tree: ConfigurationTree;
beforeEach(async () => {
  tree = await configurationTree();
});
afterEach(() => tree.remove());

describe("from the templates", () => {
  test("with the answers given, what is made is valid, and only its owner can read it", async () => {
    await tree.write("token.secret", `${token}\n`);
    const argv = ["configure", "production", "--provider", "hetzner", ...sets(...personal)];
    const set = ["--set", `PROVIDER_HETZNER_TOKEN=@${join(tree.root, "token.secret")}`];
    const outcome = await tree.run(...argv, ...set, ...sets("DATA_DISK_SIZE=20", "PROVIDER_HETZNER_LOCATION=hel1"));
    expect(outcome.status, outcome.stderr).toBe(0);
    expect(outcome.stdout).toContain("next: landfall config check production/hetzner");
    for (const file of [`${environments}/production.env`, `${providers}/hetzner.env`]) {
      expect(await tree.modeOf(file)).toBe(0o600);
    }
    const check = await tree.run("config", "check", "production/hetzner");
    expect(check.status, check.stderr).toBe(0);

    const made = await tree.values(`${environments}/production.env`);
    expect(made).toMatchObject({ DOMAIN_NAME: "tracker.torrust.dev", DATA_DISK_SIZE: "20" });
    const secrets = [..."MYSQL_ROOT_PASSWORD MYSQL_PASSWORD TRACKER_ADMIN_TOKEN".split(" "), "STATE_ENCRYPTION_KEY"];
    for (const key of secrets) expect(made[key], key).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(new Set(secrets.map((key) => made[key])).size).toBe(secrets.length);
    expect(await tree.values(`${providers}/hetzner.env`)).toMatchObject({
      PROVIDER_HETZNER_TOKEN: token,
      PROVIDER_HETZNER_LOCATION: "hel1",
    });
    for (const secret of [token, ...secrets.map((key) => made[key] ?? "")]) {
      expect(`${outcome.stdout}${outcome.stderr}`).not.toContain(secret);
    }
    const lines = async (name: string) => (await tree.read(`${environments}/production.env${name}`)).split("\n");
    const [template, written] = [await lines(".tpl"), await lines("")];
    expect(written.filter((line) => line.startsWith("# "))).toEqual(template.filter((line) => line.startsWith("# ")));
  });

  test("what is not answered is listed with its line, and is no failure", async () => {
    const [file] = await tree.configured("production");
    const text = (await tree.read(`${environments}/production.env`)).split("\n");
    expect(file?.open.map(({ key }) => key)).toEqual(["DOMAIN_NAME", "CERTBOT_EMAIL", "ENABLE_SSL"]);
    for (const { where, key } of file?.open ?? []) {
      const [name, line] = where.split(":");
      expect(name).toBe(`${environments}/production.env`);
      expect(text[Number(line) - 1]).toMatch(new RegExp(`^${key}=REPLACE_WITH_`));
    }
    const outcome = await tree.run("configure", "production");
    expect(outcome.stdout).toContain(`${file?.open[0]?.where} DOMAIN_NAME`);
  });

  test("any other environment works like the three, and gets a key for its state where it is protected", async () => {
    const template = "PROTECTED=false\nMYSQL_PASSWORD=REPLACE_WITH_SECURE_PASSWORD\n";
    await tree.write(`${environments}/qa.env.tpl`, template);
    expect(await tree.configured("qa")).toMatchObject([{ created: true, generated: ["MYSQL_PASSWORD"] }]);
    const [file] = await tree.configured("qa", ...sets("PROTECTED=true", sshKey));
    expect(file).toMatchObject({ changed: ["PROTECTED", "SSH_PUBLIC_KEY"], generated: ["STATE_ENCRYPTION_KEY"] });
    expect(await tree.configured("qa")).toMatchObject([{ written: false }]);
    const check = await tree.run("config", "check", "qa/libvirt");
    expect(check.status, check.stderr).toBe(0);
    await tree.write(`${environments}/qa.env`, "PROTECTED=true\nMYSQL_PASSWORD=x\n#STATE_ENCRYPTION_KEY=\n");
    await tree.configured("qa");
    expect(await tree.read(`${environments}/qa.env`)).toMatch(/^STATE_ENCRYPTION_KEY=[A-Za-z0-9]{40}$/m);
    await tree.write(`${environments}/qa.env`, "PROTECTED=true\nMYSQL_PASSWORD=x\nSTATE_ENCRYPTION_KEY=\n");
    expect(await tree.configured("qa")).toMatchObject([{ written: false }]);
  });

  test("local is an old name, and a name that does not exist is told", async () => {
    const local = await tree.run("configure", "local");
    expect(local.stderr).toContain("environment local is now called development");
    expect(await readdir(join(tree.root, environments))).toContain("development.env");
    const unknown = await tree.run("configure", "qa");
    expect(unknown).toMatchObject({ status: 3, stderr: expect.stringContaining("landfall environment new qa") });
    expect(await tree.run("configure", "Prod")).toMatchObject({ status: 3 });
    expect(await tree.run("configure", "production", "--provider", "hetznr")).toMatchObject({
      status: 3,
      stderr: expect.stringContaining("did you mean hetzner?"),
    });
  });
});

describe("run again", () => {
  test("a file where nothing is to be done is not touched", async () => {
    await tree.configured("production", ...sets(...personal));
    const path = join(tree.root, environments, "production.env");
    const text = await readFile(path, "utf8");
    await utimes(path, 1000, 1000);
    for (const again of [[], sets(...personal)]) {
      const [file] = await tree.configured("production", ...again);
      expect(file).toMatchObject({ created: false, written: false, changed: [], generated: [], added: [] });
    }
    expect((await stat(path)).mtimeMs).toBe(1_000_000);
    expect(await readFile(path, "utf8")).toBe(text);
    expect((await tree.run("configure", "production")).stdout).toContain("production.env: nothing to do");
  });

  test("every byte stays, a value that is set changes alone, and what the template gained comes in", async () => {
    const old =
      "# mine\r\nexport VM_NAME = 'x'  # why\r\n\r\nMYSQL_PASSWORD=kept\r\nMYSQL_ROOT_PASSWORD=REPLACE_WITH_SECURE_X\r\nMINE=${VM_NAME}";
    await tree.write(`${environments}/staging.env`, old);
    const [file] = await tree.configured("staging", ...sets("VM_NAME=other-name"));
    const text = await tree.read(`${environments}/staging.env`);
    expect(text.startsWith("# mine\r\nexport VM_NAME = other-name  # why\r\n")).toBe(true);
    expect(text).toContain("\r\n\r\nMYSQL_PASSWORD=kept\r\n");
    expect(text).toMatch(/\r\nMYSQL_ROOT_PASSWORD=[A-Za-z0-9]{40}\r\n/);
    expect(text).toContain("MINE=${VM_NAME}");
    expect(text.replaceAll("\r\n", "")).not.toContain("\n");
    expect(file).toMatchObject({ changed: ["VM_NAME"], created: false });
    expect(file?.added).toEqual(expect.arrayContaining(["ENVIRONMENT", "VM_MEMORY", "TRACKER_ADMIN_TOKEN", "USER_ID"]));
    expect(file?.generated.toSorted()).toEqual([
      "GF_SECURITY_ADMIN_PASSWORD",
      "MYSQL_ROOT_PASSWORD",
      "TRACKER_ADMIN_TOKEN",
    ]);
    expect(text).toContain("# Memory in MiB, at least 256.\r\nVM_MEMORY=4096\r\n");
  });

  test("a key that nothing uses is told, with what was probably meant", async () => {
    await tree.run("configure", "production", ...sets(...personal));
    const text = await tree.read(`${environments}/production.env`);
    const more =
      "VM_MEMROY=1\nUSED=1\nUSER_OF=${USED}\nPROVIDER_HETZNER_LOCATION=hel1\nHCLOUD_TOKEN=x\nFOR_PROVIDER=1\n";
    await tree.write(`${environments}/production.env`, `${text}${more}`);
    await tree.write(`${providers}/libvirt.env`, "PROVIDER_LIBVIRT_POOL=${FOR_PROVIDER}\nPROVIDER_LIBVIRT_POL=x\n");
    const [environment, provider] = await tree.configured("production", "--provider", "libvirt");
    expect(environment?.unused).toMatchObject([{ key: "VM_MEMROY", suggestion: "VM_MEMORY" }, { key: "USER_OF" }]);
    expect(provider?.unused).toMatchObject([{ key: "PROVIDER_LIBVIRT_POL", suggestion: "PROVIDER_LIBVIRT_POOL" }]);
    const line = text.split("\n").length;
    expect(environment?.unused[0]?.where).toBe(`${environments}/production.env:${line}`);
    expect((await tree.run("configure", "production")).stdout).toContain("VM_MEMROY; did you mean VM_MEMORY?");
  });

  test("rights of others are taken away, and a link stays one", async () => {
    await tree.configured("development");
    const path = join(tree.root, environments, "development.env");
    await chmod(path, 0o644);
    await tree.configured("development");
    expect(await tree.modeOf(`${environments}/development.env`)).toBe(0o600);

    await mkdir(join(tree.root, "elsewhere"));
    await writeFile(join(tree.root, "elsewhere/real"), await readFile(path));
    await rm(path);
    await symlink(join(tree.root, "elsewhere/real"), path);
    await tree.configured("development", ...sets("VM_MEMORY=4096"));
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await tree.read("elsewhere/real")).toContain("VM_MEMORY=4096");
  });

  test.each([
    ["production.env.age", "age-encryption.org/v1\n", "age -d"],
    ["production.env.sops", "A=ENC[AES256_GCM,data:x]\n", "sops edit"],
    ["production.env", "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n", "age -d"],
    ["production.env", "A=ENC[AES256_GCM,data:x]\nsops_mac=ENC[x]\n", "sops edit"],
  ])("%s that is encrypted is left alone", async (name, text, way) => {
    await tree.write(`${environments}/${name}`, text);
    const outcome = await tree.run("configure", "production", "--json");
    expect(outcome.status).toBe(3);
    const { problems } = outcome.result["error"] as { problems: object[] };
    expect(problems).toMatchObject([{ where: `${environments}/${name}`, hint: expect.stringContaining(way) }]);
    expect(await tree.read(`${environments}/${name}`)).toBe(text);
    expect((await readdir(join(tree.root, environments))).filter((file) => !file.endsWith(".tpl"))).toEqual([name]);
  });

  test("a file that cannot be read is left alone, with every problem", async () => {
    const broken = 'A="\nVM_MEMORY\n';
    await tree.write(`${environments}/staging.env`, broken);
    await tree.write(`${providers}/hetzner.env`, "B='\n");
    const outcome = await tree.run("configure", "staging", "--provider", "hetzner");
    expect(outcome.status).toBe(3);
    for (const where of ["staging.env:1", "staging.env:2", "hetzner.env:1"]) expect(outcome.stderr).toContain(where);
    expect(await tree.read(`${environments}/staging.env`)).toBe(broken);
    await symlink("nowhere", join(tree.root, environments, "lost.env"));
    expect(await tree.run("configure", "lost")).toMatchObject({
      status: 3,
      stderr: expect.stringContaining("a link to a file"),
    });
  });
});
