import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { findTestEngine } from "./support/findTestEngine.ts";
import { repository } from "./support/makeTree.ts";

/** The real engine renders, a YAML parser reads: no test here matches text of the document. */
const engine = await findTestEngine();

/** Without variables that steer the engine: what they warn of would be part of its output. */
async function tofu(directory: string, ...args: string[]): Promise<string> {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("TF_")));
  return (await promisify(execFile)(engine ?? "", args, { cwd: directory, env: environment })).stdout;
}

interface Document {
  hostname: string;
  ssh_pwauth: boolean;
  users: { name: string; lock_passwd: boolean; sudo: string; ssh_authorized_keys: string[] }[];
  ssh_keys: { ed25519_private: string; ed25519_public: string };
  write_files: { path: string; permissions: string; content: string }[];
  runcmd: string[][];
  mounts?: string[][];
}

const usual = {
  vm_name: "box",
  ssh_public_key: "ssh-ed25519 AAAA somebody",
  ssh_host_private_key: "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n",
  ssh_host_public_key: "ssh-ed25519 BBBB host",
  open_ports: [
    { protocol: "tcp", port: 22, description: "SSH", sources: ["203.0.113.0/24"] },
    { protocol: "udp", port: 6969, description: "tracker", sources: ["0.0.0.0/0", "::/0"] },
  ],
  data_disk_size: 0,
  use_minimal_config: false,
};

describe.skipIf(engine === undefined)("user data", () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "landfall-cloud-init-"));
    await cp(join(repository, "infrastructure", "terraform", "modules", "cloud-init"), join(directory, "module"), {
      recursive: true,
    });
    const names = Object.keys(usual);
    const hcl = [
      ...names.map((name) => `variable "${name}" {}`),
      `module "m" {\n  source = "./module"\n${names.map((name) => `  ${name} = var.${name}`).join("\n")}\n}`,
      'output "user_data" {\n  value     = module.m.user_data\n  sensitive = true\n}',
    ];
    await writeFile(join(directory, "main.tf"), hcl.join("\n"));
    await tofu(directory, "init", "-no-color");
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function render(values: Partial<typeof usual> = {}): Promise<{ text: string; document: Document }> {
    await writeFile(join(directory, "terraform.tfvars.json"), JSON.stringify({ ...usual, ...values }));
    await tofu(directory, "apply", "-auto-approve", "-no-color");
    const text = await tofu(directory, "output", "-raw", "user_data");
    return { text, document: parse(text) as Document };
  }

  test("is a cloud-config with the login of the contract", async () => {
    const { text, document } = await render();
    expect(text.split("\n")[0]).toBe("#cloud-config");
    expect(document.hostname).toBe("box");
    expect(document.ssh_pwauth).toBe(false);
    expect(document.users).toEqual([
      expect.objectContaining({
        name: "torrust",
        lock_passwd: true,
        sudo: "ALL=(ALL) NOPASSWD:ALL",
        ssh_authorized_keys: [usual.ssh_public_key],
      }),
    ]);
    expect(document.ssh_keys.ed25519_private).toBe(usual.ssh_host_private_key);
    expect(document.mounts).toBeUndefined();
  });

  test("opens what is to be open, and to whom", async () => {
    const script = scriptOf((await render()).document);
    expect(script).toContain("ufw allow from 203.0.113.0/24 to any port 22 proto tcp");
    expect(script).toContain("ufw allow 6969/udp");
    expect(script.filter((line) => line.startsWith("ufw allow"))).toHaveLength(2);
  });

  test("mounts a data disk by its label, and only where there is one", async () => {
    const { document } = await render({ data_disk_size: 5 });
    expect(document.mounts?.[0]?.slice(0, 3)).toEqual(["LABEL=landfall-data", "/var/lib/torrust", "ext4"]);
    expect(scriptOf(document).some((line) => line.includes("mkfs.ext4"))).toBe(true);
    expect(scriptOf((await render()).document).some((line) => line.includes("mkfs.ext4"))).toBe(false);
  });

  test("is reduced to the login where that is asked for", async () => {
    const { document } = await render({ use_minimal_config: true });
    expect(document.users[0]?.name).toBe("torrust");
    expect(document.runcmd).toEqual([["touch", "/var/lib/cloud/torrust-setup-complete"]]);
    expect(document.write_files.map(({ path }) => path)).toEqual(["/etc/ssh/sshd_config.d/10-landfall.conf"]);
  });

  test.each([
    "it's",
    'a "b"',
    "${path.module}",
    "%{ if true }",
    "a: b # c",
    "- x",
    "line\nbreak",
    "ünï",
    "{{ jinja }}",
  ])("compatibility 7: %j arrives as data", async (value) => {
    const key = `ssh-ed25519 AAAA ${value}`;
    const { document } = await render({ ssh_public_key: key, ssh_host_private_key: value });
    expect(document.users[0]?.ssh_authorized_keys).toEqual([key]);
    expect(document.ssh_keys.ed25519_private).toBe(value);
  });

  test("compatibility 7: what is of the wrong type, or missing, is refused before anything is rendered", async () => {
    await expect(render({ data_disk_size: "many" as unknown as number })).rejects.toThrow(/data_disk_size/);
    await expect(render({ open_ports: [{ port: 22 }] as unknown as typeof usual.open_ports })).rejects.toThrow(
      /open_ports/,
    );
  });
});

function scriptOf(document: Document): string[] {
  const script = document.write_files.find(({ path }) => path === document.runcmd[0]?.[0]);
  return (script?.content ?? "").split("\n").map((line) => line.trim().replace(/ >\/dev\/null$/, ""));
}
