import { describe, expect, test } from "vitest";
import { AppError } from "../errors.ts";
import { rejection, temporaryWorkspace } from "./testing/temporaryWorkspace.ts";

async function load(set: Record<string, string>, environment = "development") {
  const { load } = await temporaryWorkspace({ [`environments/${environment}.env`]: "" });
  return load({ set, environment });
}

const ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";

describe("refused", () => {
  test.each([
    ["VM_MEMORY", "4", /4 GiB are 4096/],
    ["VM_MEMORY", "8G", /8 GiB are 8192/],
    ["VM_MEMORY", "", /256/],
    ["VM_MEMORY", "-1", /256/],
    ["VM_MEMORY", "2048.5", /256/],
    ["VM_MEMORY", "99999999999", /16777216/],
    ["VM_MEMORY_DEFAULT", "lots", /256/],
    ["VM_VCPUS", "0", /1 to 1024/],
    ["VM_DISK_SIZE", "0", /GiB/],
    ["DATA_DISK_SIZE", "x", /GiB/],
    ["RESERVE_ADDRESS", "yes", /write true$/],
    ["PROTECTED", "False", /write false$/],
    ["USE_MINIMAL_CONFIG", "maybe", /true or false/],
    ["VM_ARCH", "x86_64", /amd64 or arm64/],
    ["VM_NAME", "my_server", /63/],
    ["VM_NAME", "a".repeat(64), /63/],
    ["VM_NAME", "-a", /63/],
    ["VM_NAME", "", /63/],
    ["PROJECT", "My Project", /63/],
    ["ENVIRONMENT", "staging", /ENVIRONMENT=development/],
    ["OPEN_PORTS", "80", /80\/tcp or 80\/udp/],
    ["OPEN_PORTS", "80/sctp", /such as/],
    ["OPEN_PORTS", "0/tcp", /such as/],
    ["OPEN_PORTS", "70000/tcp", /such as/],
    ["OPEN_PORTS", "80/tcp,80/tcp", /once/],
    ["OPEN_PORTS", "22/tcp", /SSH_ALLOWED_FROM/],
    ["OPEN_PORTS", "80/tcp,", /such as/],
    ["SSH_ALLOWED_FROM", "", /everybody/],
    ["SSH_ALLOWED_FROM", "10.0.0.1", /10.0.0.1\/32/],
    ["SSH_ALLOWED_FROM", "2001:db8::1", /2001:db8::1\/128/],
    ["SSH_ALLOWED_FROM", "10.0.0.1/8", /10.0.0.1\/32/],
    ["SSH_ALLOWED_FROM", "2001:db8::1/64", /2001:db8::1\/128/],
    ["SSH_ALLOWED_FROM", "::ffff:10.0.0.1/127", /\/128/],
    ["SSH_ALLOWED_FROM", "10.0.0.0/33", /such as/],
    ["SSH_ALLOWED_FROM", "10.0.0.0/8/8", /such as/],
    ["SSH_ALLOWED_FROM", "fe80::%eth0/64", /such as/],
    ["SSH_ALLOWED_FROM", "300.0.0.0/8", /such as/],
    ["SSH_PUBLIC_KEY", "~/.ssh/id_ed25519.pub", /paste/],
    ["SSH_PUBLIC_KEY", "-----BEGIN OPENSSH PRIVATE KEY-----\nx", /exposed/],
    ["SSH_PUBLIC_KEY", `${ed25519}\n${ed25519}`, /one line/],
    ["SSH_PUBLIC_KEY", ed25519.slice(0, -4), /paste/],
    ["SSH_PUBLIC_KEY", ed25519.replace("ssh-ed25519", "ssh-rsa"), /paste/],
    ["SSH_PUBLIC_KEY", "ssh-dss AAAA", /ssh-keygen/],
    ["SSH_PUBLIC_KEY", `no-pty ${ed25519}`, /paste/],
    ["STATE_BACKEND", "pgg", /did you mean pg/],
    ["STATE_BACKEND", "remote", /write one of local/],
    ["STATE_ENCRYPTION_KEY", "canary", /at least 16/],
    ["DOMAIN_NAME", "https://x.example/", /without https/],
    ["CERTBOT_EMAIL", "nobody", /admin@/],
    ["ENABLE_SSL", "1", /write true$/],
    ["ENABLE_DB_BACKUPS", "no", /write false$/],
    ["BACKUP_RETENTION_DAYS", "0", /1 to 3650/],
    ["USER_ID", "root", /whole number/],
    ["MYSQL_DATABASE", "a b", /64/],
    ["MYSQL_USER", "x".repeat(33), /32/],
    ["MYSQL_PASSWORD", "canary\n", /printable/],
    ["TRACKER_ADMIN_TOKEN", "", /give a value/],
  ])("%s=%j", async (key, text, hint) => {
    const error = await rejection(load({ [key]: text }), AppError);
    expect(error.problems).toHaveLength(1);
    expect(error.problems[0]).toMatchObject({ key, where: `--set ${key}`, hint: expect.stringMatching(hint) });
    expect(error.problems[0]?.message).toContain(key);
    expect(error.problems[0]?.message).not.toContain("canary");
  });
});

describe("accepted", () => {
  test("sizes, switches and lists", async () => {
    const { standard } = await load({
      VM_MEMORY: "256",
      VM_VCPUS: "16",
      VM_DISK_SIZE: "100",
      DATA_DISK_SIZE: "5",
      RESERVE_ADDRESS: "true",
      USE_MINIMAL_CONFIG: "true",
      VM_ARCH: "arm64",
      OPEN_PORTS: " 8080/tcp , 53/udp",
      SSH_ALLOWED_FROM: "203.0.113.7/32, 10.0.0.0/8,2001:db8::/32,::1/128",
      SSH_PRIVATE_KEY_FILE: "~/.ssh/key",
      SSH_PUBLIC_KEY: ` ${ed25519} me@there `,
    });
    expect(standard).toMatchObject({
      vmMemory: 256,
      vmVcpus: 16,
      vmDiskSize: 100,
      dataDiskSize: 5,
      reserveAddress: true,
      useMinimalConfig: true,
      vmArch: "arm64",
      sshAllowedFrom: ["203.0.113.7/32", "10.0.0.0/8", "2001:db8::/32", "::1/128"],
      sshPrivateKeyFile: "/home/somebody/.ssh/key",
      sshPublicKey: `${ed25519} me@there`,
    });
    expect(standard.openPorts.map(({ port, protocol }) => `${port}/${protocol}`)).toEqual(["8080/tcp", "53/udp"]);
  });

  test("nothing open, and no key: one is looked for later", async () => {
    const { standard } = await load({
      OPEN_PORTS: "",
      SSH_PUBLIC_KEY: "",
      SSH_PRIVATE_KEY_FILE: "",
      STATE_BACKEND: "local",
    });
    expect(standard).toMatchObject({ openPorts: [], sshPublicKey: undefined, sshPrivateKeyFile: undefined });
  });

  test("production is protected unless it says otherwise", async () => {
    expect((await load({ STATE_ENCRYPTION_KEY: "" }, "production")).standard.protected).toBe(true);
    const { load: loadFiles } = await temporaryWorkspace({ "environments/production.env": "PROTECTED=false\n" });
    expect((await loadFiles({ environment: "production" })).standard.protected).toBe(false);
    expect((await load({ STATE_ENCRYPTION_KEY: "", PROTECTED: "true" })).standard.protected).toBe(true);
  });
});

test("a wrong default of the provider is reported once, at its own place", async () => {
  const error = await rejection(load({ VM_MEMORY_DEFAULT: "lots", PROJECT: "No Name" }), AppError);
  expect(error.problems.map(({ key }) => key)).toEqual(["PROJECT", "VM_MEMORY_DEFAULT"]);
});

test("a name that the defaults make too long is reported", async () => {
  const error = await rejection(load({ PROJECT: "p".repeat(60) }), AppError);
  expect(error.problems).toMatchObject([{ key: "VM_NAME", where: "built-in" }]);
});
