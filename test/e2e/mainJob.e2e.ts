import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { removeLeftMachines, virsh } from "../support/removeLeftMachines.ts";
import { startStateServer } from "../support/stateServer.ts";
import { startLandfall, type Finished } from "../support/startLandfall.ts";

/**
 * The main job on a real virtual machine: a tree of its own, environments of its own, so that
 * stacks that somebody works with on this computer are left alone.
 */
const repository = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const provider = "libvirt";
// Names of this run: what a run that was killed left behind has another process id, and is removed before we start.
const environments = [`e2e-one-${process.pid}`, `e2e-two-${process.pid}`] as const;
const names = environments.map((environment) => `landfall-${environment}`);

const stateKey = "STATE_ENCRYPTION_KEY=an-end-to-end-key-of-state-91";

let root: string;
let engineLog: string;
const timings: string[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "landfall-e2e-"));
  await cp(join(repository, "infrastructure"), join(root, "infrastructure"), {
    recursive: true,
    filter: (path) => !path.includes("/stacks") && !/environments\/[^/]+\.env$/.test(path),
  });
  await configure(environments[0], 1024);
  await configure(environments[1], 1024, ...withDataDisk(8));
  engineLog = join(root, "engine-calls.log");
  const prepared = await landfall(["setup", provider, "--yes", "--json"]);
  expect(prepared.result, prepared.stderr).toMatchObject({ ok: true });
  const doctor = await landfall(["doctor", provider, "--json"]);
  await countEngineCalls(doctor);
  await removeLeftMachines(/e2e-(?:one|two)-(\d+)/);
});

afterAll(async () => {
  for (const name of environments) await landfall(["destroy", `${name}/${provider}`, "--yes"]).catch(() => undefined);
  await rm(root, { recursive: true, force: true });
  process.stderr.write(`${timings.join("\n")}\n`);
});

describe("from nothing to a machine and back", () => {
  test("apply ends with a machine that lets us in", async () => {
    const applied = await landfall(["apply", stack(0), "--yes", "--json"]);
    expect(applied.result, applied.stdout).toMatchObject({ ok: true, changed: true, ready: true });
    expect(applied.stderr).toBe("");
    const phases = applied.result["phases"] as { phase: string; durationMs: number }[];
    timings.push(`apply ${stack(0)}: ${phases.map(({ phase, durationMs }) => `${phase} ${durationMs} ms`).join(", ")}`);
    expect(phases.map(({ phase }) => phase)).toEqual(
      expect.arrayContaining(["plan", "apply", "port", "login", "cloud-init"]),
    );
  });

  test("ssh runs a command on the machine that the configuration describes", async () => {
    const { stdout, status } = await landfall([
      "ssh",
      stack(0),
      "--",
      "hostname; test -f /var/lib/cloud/torrust-setup-complete && echo complete",
    ]);
    expect(status).toBe(0);
    expect(stdout.trim().split("\n")).toEqual([names[0], "complete"]);
    const failing = await landfall(["ssh", stack(0), "--", "exit 7"]);
    expect(failing.status).toBe(7);
  });

  test("the machine is what the standard user data promises", async () => {
    const script = [
      "sudo cloud-init status",
      "sudo ufw status | head -1",
      "docker compose version --short >/dev/null && echo compose",
      "sysctl -n net.core.rmem_max",
      "sudo sshd -T | grep -i ^passwordauthentication",
      "test -d /var/lib/torrust && echo data",
    ].join("; ");
    const { stdout } = await landfall(["ssh", stack(0), "--", script]);
    expect(stdout).toContain("status: done");
    expect(stdout).toContain("Status: active");
    expect(stdout).toContain("compose");
    expect(stdout).toContain("passwordauthentication no");
    expect(stdout).toContain("data");
  });

  test("status says that it runs", async () => {
    const { result, status } = await landfall(["status", stack(0), "--check", "--json"]);
    expect(result).toMatchObject({ machine: "running", ssh: "answers", firstBoot: "finished" });
    expect(status).toBe(0);
  });

  test("compatibility 10: apply again changes nothing, with at most two engine processes", async () => {
    const before = await engineCalls();
    const again = await landfall(["apply", stack(0), "--yes", "--json"]);
    expect(again.result).toMatchObject({ ok: true, changed: false, ready: true });
    expect((await engineCalls()) - before).toBeLessThanOrEqual(2);
  });

  test("compatibility 2: a second environment lives beside the first, though its apply is interrupted once", async () => {
    const first = start(["apply", stack(1), "--yes", "--json"]);
    await first.seen((output) => output.includes('"resource.started"'));
    first.child.kill("SIGINT");
    const interrupted = await first.finished;
    expect(interrupted.status).not.toBe(0);
    expect(interrupted.events).toContainEqual(expect.objectContaining({ type: "notice", code: "run.interrupt" }));
    expect(interrupted.stderr).toBe("");
    const applied = await landfall(["apply", stack(1), "--yes", "--json"]);
    expect(applied.result, applied.stdout).toMatchObject({ ok: true, changed: true, ready: true });
    const hostnames = await Promise.all(
      [0, 1].map(async (index) => (await landfall(["ssh", stack(index), "--", "hostname"])).stdout.trim()),
    );
    expect(hostnames).toEqual(names);
    const all = await landfall(["status", "--json"]);
    expect(all.result["stacks"]).toHaveLength(2);
  });

  test("its state is encrypted, carried to a shared place and back; the machine does not notice", async () => {
    const server = await startStateServer("team", "shared-by-the-team-55");
    const file = join(root, "infrastructure", "config", "environments", `${environments[1]}.env`);
    const before = await readFile(file, "utf8");
    const encrypted = `${before}${stateKey}\n`;
    const shared = [
      "STATE_BACKEND=http",
      `STATE_ADDRESS=${server.origin}/{stack}`,
      "STATE_USERNAME=team",
      "STATE_PASSWORD=shared-by-the-team-55",
    ];
    const unchanged = async (): Promise<void> => {
      const plan = await landfall(["plan", stack(1), "--json"]);
      expect(plan.result, plan.stdout).toMatchObject({ ok: true, changes: false });
    };
    try {
      await writeFile(file, encrypted);
      await unchanged();
      await writeFile(file, `${encrypted}${shared.join("\n")}\n`);
      expect((await landfall(["state", "move", stack(1), "--json"])).result).toMatchObject({ ok: true, moved: true });
      await unchanged();
      expect(server.states.get(`/${stack(1)}`)).toContain('"encrypted_data"');
      await writeFile(file, `${encrypted}STATE_PASSWORD=shared-by-the-team-55\nSTATE_BACKEND=local\n`);
      expect((await landfall(["state", "move", stack(1), "--json"])).result).toMatchObject({ ok: true, moved: true });
      await unchanged();
    } finally {
      await server.close();
      await chmod(file, 0o600);
    }
  });

  test("more memory is announced and done as a restart that keeps the data", async () => {
    await landfall(["ssh", stack(0), "--", "echo kept | sudo tee /var/lib/torrust/proof"]);
    await configure(environments[0], 1280);
    const plan = await landfall(["plan", stack(0), "--detailed-exitcode", "--json"]);
    expect(plan.status).toBe(2);
    expect(plan.result["summary"]).toMatchObject({ machine: "restart", data: "keep", impact: "restart" });
    const applied = await landfall(["apply", stack(0), "--yes", "--json"]);
    expect(applied.result, applied.stdout).toMatchObject({ ok: true, changed: true, ready: true });
    const { stdout } = await landfall([
      "ssh",
      stack(0),
      "--",
      "cat /var/lib/torrust/proof; free -m | awk '/Mem/ {print $2}'",
    ]);
    const [proof, memory] = stdout.trim().split("\n");
    expect(proof).toBe("kept");
    expect(Number(memory)).toBeGreaterThan(1100);
  });

  test("data on a disk of its own outlives the machine", async () => {
    await landfall(["ssh", stack(1), "--", "echo outlived | sudo tee /var/lib/torrust/proof; sync"]);
    await configure(environments[1], 1024, ...withDataDisk(9), stateKey);
    const plan = await landfall(["plan", stack(1), "--json"]);
    expect(plan.result["summary"]).toMatchObject({ machine: "replace", data: "keep" });
    const replaced = await landfall(["apply", stack(1), "--yes", "--json"]);
    expect(replaced.result, replaced.stdout).toMatchObject({ ok: true, changed: true, ready: true });
    expect((await landfall(["ssh", stack(1), "--", "cat /var/lib/torrust/proof"])).stdout).toBe("outlived\n");
  });

  test("compatibility 22: destroy leaves nothing, and the machine can be made again", async () => {
    for (const index of [1, 0]) {
      const started = Date.now();
      const destroyed = await landfall(["destroy", stack(index), "--yes", "--json"]);
      expect(destroyed.result, destroyed.stdout).toMatchObject({ ok: true, changed: true });
      timings.push(`destroy ${stack(index)}: ${Date.now() - started} ms`);
    }
    const left = await Promise.all([
      virsh("list", "--all", "--name"),
      virsh("net-dumpxml", "default"),
      virsh("net-dhcp-leases", "default"),
      virsh("vol-list", "user-default"),
    ]);
    for (const text of left) {
      for (const environment of environments) expect(text).not.toContain(environment);
    }
    const { result, status } = await landfall(["status", stack(0), "--check", "--json"]);
    expect(result).toMatchObject({ machine: "absent" });
    expect(status).toBe(8);
    const again = await landfall(["apply", stack(0), "--yes", "--skip-wait", "--json"]);
    expect(again.result, again.stdout).toMatchObject({ ok: true, changed: true });
    expect((await landfall(["destroy", stack(0), "--yes", "--json"])).result).toMatchObject({ ok: true });
  });
});

const withDataDisk = (disk: number): string[] => [`VM_DISK_SIZE=${disk}`, "DATA_DISK_SIZE=1"];

function stack(index: number): string {
  return `${environments[index] ?? ""}/${provider}`;
}

async function configure(name: string, memory: number, ...more: string[]): Promise<void> {
  const file = join(root, "infrastructure", "config", "environments", `${name}.env`);
  await mkdir(dirname(file), { recursive: true });
  const lines = [
    `ENVIRONMENT=${name}`,
    `VM_NAME=landfall-${name}`,
    `VM_MEMORY=${memory}`,
    "VM_VCPUS=2",
    ...(more.length > 0 ? more : ["VM_DISK_SIZE=10"]),
    "PROVIDER_LIBVIRT_BASE_IMAGE_URL=debian:13",
  ];
  await writeFile(file, `${lines.join("\n")}\n`, { mode: 0o600 });
}

/** Puts a script in front of the engine that notes every call. */
async function countEngineCalls(doctor: Finished): Promise<void> {
  const checks = doctor.result["checks"] as { title: string; detail?: string }[];
  const program = checks
    .find(({ title }) => title === "engine")
    ?.detail?.split(": ")
    .at(-1);
  expect(program).toBeDefined();
  const script = join(root, "tofu");
  await writeFile(script, `#!/bin/sh\necho "$@" >> '${engineLog}'\nexec '${program}' "$@"\n`);
  await chmod(script, 0o755);
  process.env["LANDFALL_TOFU"] = script;
}

async function engineCalls(): Promise<number> {
  return (await readFile(engineLog, "utf8")).trim().split("\n").length;
}

async function landfall(args: string[]): Promise<Finished> {
  return start(args).finished;
}

function start(args: string[]): ReturnType<typeof startLandfall> {
  return startLandfall(args, root);
}
