import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findTestEngine } from "./support/findTestEngine.ts";
import { addImportable, oldServer, writeImportable } from "./support/importable.ts";
import { landfall, type Outcome } from "./support/landfall.ts";
import { makeTree, type Tree } from "./support/makeTree.ts";
import { writeOldState } from "./support/oldState.ts";

/** States of the shell version with the real engine; its genuine plugins are in test/rehearsal. */
const engine = await findTestEngine();
let tree: Tree;
let old: string;

beforeEach(async () => {
  tree = await makeTree();
  old = await mkdtemp(join(tmpdir(), "landfall-old-"));
  await addImportable(tree);
});
afterEach(async () => {
  await tree.remove();
  await rm(old, { recursive: true, force: true });
});

const migrate = (...more: string[]): Promise<Outcome> =>
  landfall(tree.root, ["migrate", "--from", old, "--yes", "--json", ...more]);
const stacks = async (): Promise<string[]> =>
  readdir(join(tree.root, "infrastructure", "stacks"), { recursive: true }).catch(() => []);

describe.skipIf(engine === undefined)("an old state and its stack", () => {
  test("the stack is found by the type and the name of the machine; an empty plan proves it; a second run does nothing", async () => {
    const file = await writeOldState(old, [oldServer]);
    const before = await readFile(file, "utf8");
    const { result, stdout } = await migrate();
    expect(result, stdout).toMatchObject({
      ok: true,
      state: { action: "adopt", stack: "qa/acme" },
      adoption: {
        stack: "qa/acme",
        address: "192.0.2.10",
        differences: [],
        imported: [{ from: "module.acme_infrastructure[0].terraform_data.server" }],
      },
    });
    expect((await landfall(tree.root, ["plan", "qa/acme", "--json"])).result).toMatchObject({
      ok: true,
      changes: false,
    });
    expect(await readFile(file, "utf8")).toBe(before);
    const directory = join(tree.root, "infrastructure", "stacks", "qa", "acme");
    const copy = (await readdir(join(directory, "snapshots"))).find((name) => name.endsWith("-migrated.tfstate"));
    expect(await readFile(join(directory, "snapshots", copy ?? ""), "utf8")).toBe(before);
    expect((await stacks()).filter((path) => path.includes("adopting"))).toEqual([]);

    const again = await migrate();
    expect(again.result).toMatchObject({ ok: true, state: { action: "adopted" } });

    // The documented way back, and forth: what is kept outside the clone is of a stack that is no more.
    await rm(directory, { recursive: true });
    const anew = await migrate();
    expect(anew.result, anew.stdout).toMatchObject({ ok: true, state: { action: "adopt" } });
    expect((await landfall(tree.root, ["plan", "qa/acme", "--json"])).result).toMatchObject({ changes: false });
  });

  test("with a key, neither the new state nor the copy of the old one is plain text", async () => {
    const key = "migrated-key-of-some-length-91c4";
    await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa-box", `STATE_ENCRYPTION_KEY=${key}`]);
    await writeOldState(old, [oldServer]);
    const { result, stdout } = await migrate();
    expect(result, stdout).toMatchObject({ ok: true, adoption: { stack: "qa/acme", differences: [] } });
    const directory = join(tree.root, "infrastructure", "stacks", "qa", "acme");
    const copies = (await readdir(join(directory, "snapshots"))).map((name) => join("snapshots", name));
    expect(copies).toHaveLength(2);
    for (const file of ["terraform.tfstate", ...copies].map((name) => join(directory, name))) {
      const text = await readFile(file, "utf8");
      expect(text).toContain("encrypted_data");
      expect(text).not.toContain("m-17");
    }
    expect((await landfall(tree.root, ["plan", "qa/acme", "--json"])).result).toMatchObject({
      ok: true,
      changes: false,
    });
  });

  test("a difference is refused with what differs and the setting that would keep it, and nothing is left", async () => {
    await writeImportable(tree, "  input = var.vm_memory");
    await writeOldState(old, [oldServer]);
    const { status, result } = await migrate();
    expect(status).toBe(5);
    expect(result).toMatchObject({
      error: {
        code: "migrate.differs",
        problems: [{ where: "terraform_data.machine", message: "would be changed: input (none -> 1024)" }],
      },
    });
    expect((await stacks()).filter((path) => path.includes("acme"))).toEqual([]);
  });

  test("--accept-changes does not accept a replacement", async () => {
    await writeImportable(tree, "  triggers_replace = var.vm_memory");
    await writeOldState(old, [oldServer]);
    const { status, stdout } = await migrate("--accept-changes");
    expect([status, stdout]).toEqual([5, expect.stringContaining("would be replaced")]);
    expect((await stacks()).filter((path) => path.includes("acme"))).toEqual([]);
  });

  test("a host key that the user trusts already is trusted by the stack, and by it alone", async () => {
    const home = join(old, "home");
    await mkdir(join(home, ".ssh"), { recursive: true });
    await writeFile(join(home, ".ssh", "known_hosts"), "192.0.2.10 ssh-ed25519 AAAAOLD\n192.0.2.11 ssh-rsa AAAAB\n");
    await writeOldState(old, [oldServer]);
    const { result } = await landfall(tree.root, ["migrate", "--from", old, "--yes", "--json"], { HOME: home });
    expect(result).toMatchObject({ ok: true, hostKeys: { origin: "known_hosts", address: "192.0.2.10" } });
    const file = join(tree.root, "infrastructure", "stacks", "qa", "acme", "known_hosts");
    expect(await readFile(file, "utf8")).toBe("landfall-qa-acme ssh-ed25519 AAAAOLD\n");
  });

  test("a stack that has a state is never touched", async () => {
    await landfall(tree.root, ["apply", "qa/acme", "--yes"], { SKIP_WAIT: "true" });
    const state = join(tree.root, "infrastructure", "stacks", "qa", "acme", "terraform.tfstate");
    const before = await readFile(state, "utf8");
    await writeOldState(old, [oldServer]);
    const { status, result } = await migrate();
    expect(status).toBe(5);
    expect(JSON.stringify(result)).toContain("has a state of its own");
    expect(await readFile(state, "utf8")).toBe(before);
  });

  test("the host key of an adopted machine is only trusted once it is known, and a new machine has its own", async () => {
    await writeOldState(old, [oldServer]);
    expect((await migrate()).result).toMatchObject({ hostKeys: { origin: "unknown", address: "192.0.2.10" } });
    const directory = join(tree.root, "infrastructure", "stacks", "qa", "acme");
    const knownHosts = (): Promise<string> => readFile(join(directory, "known_hosts"), "utf8");
    const ssh = await landfall(tree.root, ["ssh", "qa/acme", "--", "true"]);
    expect([ssh.status, ssh.stderr]).toEqual([5, expect.stringContaining("--accept-host-key")]);
    expect(await knownHosts()).toBe("");
    const later = await landfall(tree.root, ["migrate", "--stack", "qa/acme", "--dry-run", "--json"]);
    expect(later.result, "without the old tree too").toMatchObject({ state: { action: "none" }, changes: true });
    const unknown = await landfall(tree.root, ["apply", "qa/acme", "--yes", "--json"]);
    expect(unknown.result, "and apply does not wait for what nobody may enter").toMatchObject({
      ok: true,
      ready: false,
    });
    expect(unknown.stdout).toContain("ssh.hostKeyUnknown");

    await writeFile(join(directory, "adopted_host_keys"), "ssh-ed25519 AAAAOLD\n");
    await landfall(tree.root, ["plan", "qa/acme"]);
    expect(await knownHosts()).toBe("landfall-qa-acme ssh-ed25519 AAAAOLD\n");

    // What is not replaced after all is known as before.
    await writeImportable(tree, failsFirst);
    const failed = await landfall(tree.root, ["apply", "qa/acme", "--yes", "--json"], { SKIP_WAIT: "true" });
    expect(failed.result, failed.stdout).toMatchObject({ ok: false, error: { code: "engine.failed" } });
    await writeImportable(tree, "");
    const kept = await landfall(tree.root, ["apply", "qa/acme", "--yes", "--json"], { SKIP_WAIT: "true" });
    expect(kept.result, kept.stdout).toMatchObject({ ok: true, summary: { machine: "keep" } });
    expect(await knownHosts()).toContain("landfall-qa-acme ssh-ed25519 AAAAOLD\n");

    await writeImportable(tree, "  triggers_replace = var.vm_memory");
    const applied = await landfall(tree.root, ["apply", "qa/acme", "--yes", "--json"], { SKIP_WAIT: "true" });
    expect(applied.result, applied.stdout).toMatchObject({ ok: true, summary: { machine: "replace" } });
    const own = (await readFile(join(directory, "ssh_host_ed25519_key.pub"), "utf8")).split(" ")[1];
    expect(await knownHosts()).toBe(`landfall-qa-acme ssh-ed25519 ${own}\n`);
  });
});

/** A machine that is replaced, after something that fails while it is applied. */
const failsFirst = `
  triggers_replace = var.vm_memory
  depends_on       = [terraform_data.fails]
  lifecycle {
    create_before_destroy = true
  }
}
resource "terraform_data" "begins" {}
resource "terraform_data" "fails" {
  input = tonumber(terraform_data.begins.id)
`;

describe("an old state that cannot be taken over is refused, with why and what to do", () => {
  const refusal = async (...more: string[]): Promise<string> => {
    const { status, stderr } = await landfall(tree.root, ["migrate", "--from", old, "--yes", ...more]);
    expect(status, stderr).toBe(5);
    return stderr;
  };

  test("the machine of no environment: --stack says which", async () => {
    await writeOldState(old, [{ ...oldServer, attributes: { id: "1", name: "other-box" } }]);
    expect(await refusal()).toMatch(/VM_NAME of its machine, other-box[^]*--stack ENVIRONMENT\/acme/);
    const { result } = await landfall(tree.root, [
      "migrate",
      "--from",
      old,
      "--dry-run",
      "--stack",
      "qa/acme",
      "--json",
    ]);
    expect(result).toMatchObject({ state: { action: "adopt", stack: "qa/acme" } });
  });

  test("several machines", async () => {
    await writeOldState(old, [oldServer, { ...oldServer, name: "second" }]);
    expect(await refusal()).toMatch(/several machines: .*server, .*second/);
  });

  test("a machine on this computer, nested or in the even older flat layout", async () => {
    for (const module of ["module.libvirt_infrastructure[0]", undefined]) {
      const at = module === undefined ? {} : { module };
      await writeOldState(old, [
        { ...at, type: "libvirt_volume", name: "base_image", attributes: { id: "/pool/base", name: "base.qcow2" } },
        { ...at, type: "libvirt_volume", name: "vm_disk", attributes: { id: "/pool/disk", name: "qa-box.qcow2" } },
        {
          ...at,
          type: "libvirt_cloudinit_disk",
          name: "commoninit",
          attributes: { id: "/pool/iso", name: "qa-box.iso" },
        },
        { ...at, type: "libvirt_domain", name: "vm", attributes: { id: "8a1c", name: "qa-box", memory: 2048 } },
      ]);
      const text = await refusal();
      expect(text).toMatch(/could only replace the old machine/);
      expect(text).toMatch(/libvirt_volume\.vm_disk: qa-box\.qcow2 would be made anew/);
      expect(text).toContain("landfall apply qa/libvirt");
    }
  });

  test.each([
    ["half a file", '{"version": 4, "resources": [', /it is no state/],
    ["an older format", '{"version": 3, "modules": []}', /the format 3/],
    ["an encrypted one", '{"encrypted_data": "x", "meta": {}}', /it is encrypted/],
    [
      "no machine",
      '{"version":4,"lineage":"x","resources":[{"mode":"managed","type":"null_resource","name":"a","instances":[{"attributes":{"id":"1"}}]}]}',
      /no provider here has a machine/,
    ],
  ])("%s", async (_what, text, expected) => {
    await writeOldState(old, []);
    await writeFile(join(old, "infrastructure", "terraform", "terraform.tfstate"), text);
    expect(await refusal()).toMatch(expected);
  });

  test("one that holds nothing is nothing to do", async () => {
    await writeOldState(old, []);
    const { status, result } = await migrate();
    expect([status, result["changes"]]).toEqual([0, false]);
  });
});
