import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeTree, type Tree } from "../support/makeTree.ts";
import { startLandfall, type Finished, type Started } from "../support/startLandfall.ts";

/**
 * A real machine with nothing but a login stands for a host that somebody owns: another provider makes it, its owner
 * moves the SSH port and keeps a user of his own, and from there on only its address and its host key are known.
 */
const machine = `e2e-host-${process.pid}/libvirt`;
const stack = `e2e-own-${process.pid}/existing-host`;
const environmentOf = (name: string): string => name.split("/")[0] ?? "";
const sshPort = 2222;

let tree: Tree;
let facts: { address: string; hostKey: string };

beforeAll(async () => {
  tree = await makeTree();
  await tree.environment(environmentOf(machine), [
    `ENVIRONMENT=${environmentOf(machine)}`,
    `VM_NAME=landfall-${environmentOf(machine)}`,
    "VM_MEMORY=1024",
    "VM_VCPUS=1",
    "VM_DISK_SIZE=8",
    "USE_MINIMAL_CONFIG=true",
    "PROVIDER_LIBVIRT_BASE_IMAGE_URL=debian:13",
  ]);
  const made = await run("apply", machine, "--yes");
  expect(made.result, made.stdout.slice(-4000)).toMatchObject({ ok: true, ready: true });
  const owned = await run("ssh", machine, "--", `sudo sh -eu -c '${ownersWork}'`);
  const output = String(owned.result["stdout"]);
  facts = { address: String(made.result["address"]), hostKey: /^ssh-ed25519 \S+/m.exec(output)?.[0] ?? output };
  await writeOwn();
});

afterAll(async () => {
  await run("destroy", machine, "--yes").catch(() => undefined);
  await tree.remove();
});

/** The key of the stack may log in as the owner, who may become root; nobody of Landfall's is left. */
const ownersWork = [
  "useradd -m -s /bin/sh owner",
  "install -d -m 700 -o owner -g owner /home/owner/.ssh",
  "install -m 600 -o owner -g owner /home/torrust/.ssh/authorized_keys /home/owner/.ssh/authorized_keys",
  "echo owner ALL=\\(ALL\\) NOPASSWD:ALL >/etc/sudoers.d/owner",
  `echo Port ${sshPort} >/etc/ssh/sshd_config.d/20-port.conf`,
  "rm -f /var/lib/cloud/torrust-setup-complete",
  "cat /etc/ssh/ssh_host_ed25519_key.pub",
  "userdel -f -r torrust >/dev/null 2>&1 || true",
  "systemd-run --on-active=1 systemctl restart ssh >/dev/null 2>&1",
].join("; ");

async function writeOwn(openPorts = "80/tcp,6969/udp"): Promise<void> {
  const key = join(tree.root, "infrastructure", "stacks", machine, "ssh_key");
  await tree.environment(environmentOf(stack), [
    `ENVIRONMENT=${environmentOf(stack)}`,
    "VM_NAME=my-own",
    "VM_MEMORY=4096",
    `OPEN_PORTS=${openPorts}`,
    `SSH_PRIVATE_KEY_FILE=${key}`,
    `PROVIDER_EXISTING_HOST_ADDRESS=${facts.address}`,
    `PROVIDER_EXISTING_HOST_HOST_KEY="${facts.hostKey}"`,
    "PROVIDER_EXISTING_HOST_USER=owner",
    `PROVIDER_EXISTING_HOST_PORT=${sshPort}`,
  ]);
}

const start = (...args: string[]): Started =>
  startLandfall([...args.slice(0, 2), "--json", ...args.slice(2)], tree.root);
const run = (...args: string[]): Promise<Finished> => start(...args).finished;

describe("a host that is already there", () => {
  test("a preparation that is cut off goes on there; the next one waits for it and closes what is not wanted any more", async () => {
    const first = start("apply", stack, "--yes");
    await first.seen((output) => /"detail":"(user torrust|packages)/.test(output));
    first.child.kill("SIGINT");
    expect((await first.finished).status).not.toBe(0);
    await writeOwn("443/tcp,6969/udp");
    const second = await run("apply", stack, "--yes");
    expect(second.result, second.stdout.slice(-4000)).toMatchObject({
      ok: true,
      ready: true,
      address: facts.address,
      summary: { machine: "keep", data: "keep" },
    });
    const phases = second.result["phases"] as { phase: string; durationMs: number }[];
    process.stderr.write(`${phases.map(({ phase, durationMs }) => `${phase} ${durationMs} ms`).join(", ")}\n`);
    expect(phases.map(({ phase }) => phase)).toEqual(
      expect.arrayContaining(["port", "host-key", "login", "preparation"]),
    );
    expect(second.events).toContainEqual(
      expect.objectContaining({ code: "host.small", message: expect.stringMatching(/VM_MEMORY asks for 4096/) }),
    );
  });

  test("it is what the first boot makes of a machine, and its owner's things are as they were", async () => {
    const script = [
      "whoami; ls /var/lib/cloud/torrust-setup-complete; hostname",
      "sudo ufw status | grep -v v6",
      "docker compose version --short >/dev/null && echo compose",
      // Its service is up before it answers.
      "sudo systemctl is-active fail2ban; for try in $(seq 60); do sudo fail2ban-client get sshd banip >/dev/null 2>&1 && break; sleep 1; done; sudo fail2ban-client get sshd banip >/dev/null && echo jail",
      "cat /proc/sys/net/core/rmem_max; stat -c '%U %a' /var/lib/torrust; sudo stat -c '%a %U' /var/lib/landfall",
      "sudo ls /home/owner/.ssh/authorized_keys; sudo ls /etc/ssh/sshd_config.d; ls /usr/local/sbin",
    ].join("; ");
    const { result } = await run("ssh", stack, "--", script);
    const output = String(result["stdout"]);
    expect(output).toMatch(/^torrust\n\/var\/lib\/cloud\/torrust-setup-complete\nlandfall-e2e-host/);
    expect(output).toContain("Status: active");
    for (const port of [`${sshPort}/tcp`, "443/tcp", "6969/udp"]) {
      expect(output).toMatch(new RegExp(`^${port} +ALLOW`, "m"));
    }
    expect(output).not.toMatch(/^(22|80)\/tcp/m);
    expect(output).toContain("\ncompose\n");
    expect(output).toContain("active\njail\n16777216\ntorrust 755\n700 root\n/home/owner/.ssh/authorized_keys\n");
    expect(output).not.toContain("landfall-metadata-guard");
  });

  test("apply again changes nothing and does nothing there", async () => {
    const again = await run("apply", stack, "--yes");
    expect(again.result).toMatchObject({ ok: true, changed: false, ready: true });
    expect(again.events.filter(({ type }) => type === "phase.started")).toEqual([]);
  });

  test("status says that it answers; destroy forgets it, says that it stays, and it does", async () => {
    const { result, status } = await run("status", stack, "--check");
    expect([result["machine"], result["ssh"], status]).toEqual(["running", "answers", 0]);
    const destroyed = await run("destroy", stack, "--yes");
    expect(destroyed.result, destroyed.stdout.slice(-4000)).toMatchObject({ ok: true, summary: { machine: "keep" } });
    expect(destroyed.events).toContainEqual(expect.objectContaining({ code: "host.stays" }));
    expect((await run("status", machine)).result).toMatchObject({ machine: "running" });
  });

  test("a host with another key is refused, whatever its address", async () => {
    const { hostKey } = facts;
    facts = { ...facts, hostKey: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(43)}` };
    await writeOwn();
    facts = { ...facts, hostKey };
    const refused = await run("apply", stack, "--yes");
    expect(refused.result).toMatchObject({ ok: false, error: { code: "wait.hostKey" } });
  });
});
