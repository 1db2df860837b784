import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeTree, type Tree } from "../support/makeTree.ts";
import { startLandfall, type Started } from "../support/startLandfall.ts";

/** A cloud deployment offline, down to a machine that boots with the user data that the cloud was given. */
let tree: Tree;
beforeAll(async () => {
  tree = await makeTree();
});
afterAll(() => tree.remove());

const landfall = (args: string[]): Started["finished"] => startLandfall(args, tree.root).finished;

async function machines(): Promise<string> {
  const { stdout } = await promisify(execFile)("virsh", ["-c", "qemu:///system", "list", "--all", "--name"]);
  return stdout;
}

// With the smallest user data: what the whole of it does is looked at below.
test("landfall rehearse --boot ends with a login on a machine of the cloud's user data, and leaves nothing", async () => {
  const minimal = ["--set", "USE_MINIMAL_CONFIG=true"];
  const { result, stdout } = await landfall([
    "rehearse",
    "production/hetzner",
    "--boot",
    "--yes",
    "--json",
    ...minimal,
  ]);
  expect(result, stdout.slice(-4000)).toMatchObject({ ok: true, booted: true });
  expect(stdout).toContain('"phase":"cloud-init"');
  expect(await machines()).not.toMatch(/hetzner-/);
});

describe("landfall simulate --boot", () => {
  let simulation: Started;
  const stack = "staging/digitalocean";
  const twin = (verb: string, ...args: string[]): Started["finished"] =>
    landfall([verb, "--rehearsal", "--json", ...args]);

  beforeAll(async () => {
    simulation = startLandfall(["simulate", "digitalocean", "--boot", "--yes"], tree.root);
    await simulation.seen((text) => text.includes("is simulated at"));
  });
  afterAll(async () => {
    simulation.child.kill("SIGINT");
    await simulation.finished;
    expect(await machines()).not.toMatch(/digitalocean-/);
  });

  test("apply waits until the first boot has finished", async () => {
    const { result, stdout } = await twin("apply", stack, "--yes");
    expect(result, stdout.slice(-4000)).toMatchObject({ ok: true, ready: true });
  });

  test("ssh runs a command there, with the host key that went through the cloud", async () => {
    const command =
      "hostname; sudo head -c 13 /var/lib/cloud/instance/user-data.txt; ls /var/lib/cloud/torrust-setup-complete";
    const { result } = await twin("ssh", stack, "--", command);
    expect(result["stdout"]).toBe("torrust-tracker-staging\n#cloud-config/var/lib/cloud/torrust-setup-complete\n");
  });

  test("the metadata address answers the web to root only, and containers not at all", async () => {
    const only = "-d 169.254.169.254/32 -p tcp -m tcp --dport 80";
    const reject = "-j REJECT --reject-with icmp-port-unreachable";
    // The service that sets them is started when the first boot has finished.
    await expect
      .poll(
        async () => {
          const { result } = await twin("ssh", stack, "--", "sudo iptables -S | grep 169.254.169.254");
          return String(result["stdout"]).trim().split("\n").sort();
        },
        { timeout: 60_000, interval: 2000 },
      )
      .toEqual([`-A DOCKER-USER ${only} ${reject}`, `-A OUTPUT ${only} -m owner ! --uid-owner 0 ${reject}`]);
  });

  test("status, and destroy", async () => {
    expect((await twin("status", stack)).result).toMatchObject({ machine: "running", ssh: "answers" });
    expect((await twin("destroy", stack, "--yes")).result).toMatchObject({ ok: true, changed: true });
  });
});
