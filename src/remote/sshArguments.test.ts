import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { sshArguments } from "./sshArguments.ts";
import { sshCommandLine } from "./sshCommandLine.ts";
import type { SshTarget } from "./SshTarget.ts";

const target: SshTarget = {
  address: "192.0.2.7",
  user: "torrust",
  alias: "landfall-production-acme",
  knownHosts: "/stacks/production/acme/known_hosts",
  identityFile: "/home/me/.ssh/id_ed25519",
};

describe("sshArguments", () => {
  it("gives the whole argv", () => {
    expect(sshArguments(target, ["uptime", "-p"], { batch: true }).join(" ")).toBe(
      "-F /dev/null -o HostKeyAlias=landfall-production-acme " +
        "-o UserKnownHostsFile=/stacks/production/acme/known_hosts -o GlobalKnownHostsFile=/dev/null " +
        "-o StrictHostKeyChecking=yes -o IdentityFile=/home/me/.ssh/id_ed25519 -o IdentitiesOnly=yes " +
        "-o PreferredAuthentications=publickey -o UpdateHostKeys=no -o CheckHostIP=no -o BatchMode=yes " +
        "-o ConnectTimeout=15 -o ServerAliveInterval=5 -o ServerAliveCountMax=6 -o LogLevel=ERROR " +
        "-p 22 -l torrust -- 192.0.2.7 uptime -p",
    );
  });

  it("lets the agent offer its keys where no file holds one", () => {
    const { address, user, alias, knownHosts } = target;
    expect(sshArguments({ address, user, alias, knownHosts }).join(" ")).not.toMatch(/Identit/);
  });

  it.each(["/plain", "/with blank/k", '/quo"te', "/back\\slash", "/per%cent", "/apo'strophe", "/ha#sh"])(
    "ssh itself reads the paths back as they are: %s",
    (path) => {
      const resolved = sshSettings({ ...target, knownHosts: `${path}/known_hosts`, identityFile: `${path}/key` });
      expect(resolved.get("userknownhostsfile")).toBe(`${path}/known_hosts`);
      // `ssh -G` shows this one before `%` is expanded.
      expect(resolved.get("identityfile")).toBe(`${path}/key`.replaceAll("%", "%%"));
      expect(resolved.get("stricthostkeychecking")).toBe("true");
      expect(resolved.get("hostkeyalias")).toBe(target.alias);
    },
  );
});

describe("sshCommandLine", () => {
  it("can be copied into a shell", () => {
    expect(sshCommandLine({ ...target, knownHosts: "/my stacks/known_hosts", port: 2222 })).toBe(
      "ssh -F /dev/null -o HostKeyAlias=landfall-production-acme " +
        `-o 'UserKnownHostsFile="/my stacks/known_hosts"' -o GlobalKnownHostsFile=/dev/null ` +
        "-o StrictHostKeyChecking=yes -o IdentityFile=/home/me/.ssh/id_ed25519 -o IdentitiesOnly=yes " +
        "-p 2222 torrust@192.0.2.7",
    );
  });

  it("survives the shell and ssh, whatever is in a path", () => {
    const path = `/a b/it's "x" $HOME`;
    const line = sshCommandLine({ ...target, identityFile: path }).replace(/^ssh/, "ssh -G");
    const { stdout } = spawnSync("sh", ["-c", line], { encoding: "utf8" });
    expect(parse(stdout).get("identityfile")).toBe(path);
  });
});

function sshSettings(of: SshTarget): Map<string, string> {
  const { stdout, stderr } = spawnSync("ssh", ["-G", ...sshArguments(of)], { encoding: "utf8" });
  expect(stderr).toBe("");
  return parse(stdout);
}

function parse(settings: string): Map<string, string> {
  return new Map(settings.split("\n").map((line) => [line.split(" ", 1)[0] ?? "", line.replace(/^\S+ /, "")]));
}
