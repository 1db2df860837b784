import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { realPorts } from "../system/realPorts.ts";
import { checkSshKeys } from "./checkSshKeys.ts";
import { generateKeyPair } from "./generateKeyPair.ts";

/** What a user meets is in test/fixtures/configurations; here are the formats of key files. */
let home: string;
const ports = realPorts();

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "landfall-keys-"));
});
afterEach(() => rm(home, { recursive: true }));

const check = async (name: string, publicKey?: string) => {
  const settings = { publicKey, privateKeyFile: join(home, name), needed: true };
  const machine = { ...ports.machine, home };
  return (await checkSshKeys(settings, { ...ports, machine })).map(({ message }) => message.replaceAll(home, "~"));
};

async function keygen(name: string, ...options: string[]): Promise<void> {
  const given = ["-q", "-C", "a@b", "-f", join(home, name), ...options];
  expect((await ports.processes.run({ program: "ssh-keygen", arguments: given })).status).toBe(0);
}

const other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";
const mismatch = ["SSH_PRIVATE_KEY_FILE: ~/key does not belong to SSH_PUBLIC_KEY"];

test("an encrypted key of OpenSSH's format is compared without its passphrase, and without the .pub beside it", async () => {
  await keygen("key", "-t", "ed25519", "-N", "a passphrase");
  const own = (await ports.files.read(join(home, "key.pub"))) ?? "";
  await rm(join(home, "key.pub"));
  expect(await check("key", own)).toEqual([]);
  expect(await check("key", other)).toEqual(mismatch);
  expect(await check("key")).toEqual([]);
});

test("a PEM key is compared by the .pub beside it, and trusted without one", async () => {
  await keygen("key", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "");
  const own = (await ports.files.read(join(home, "key.pub"))) ?? "";
  expect(await check("key", own)).toEqual([]);
  expect(await check("key", other)).toEqual(mismatch);
  await rm(join(home, "key.pub"));
  expect(await check("key", other)).toEqual([]);
});

test("other users must not read it; what is damaged is no key", async () => {
  await generateKeyPair(join(home, "key"), "a@b", ports);
  await chmod(join(home, "key"), 0o640);
  expect(await check("key")).toEqual([expect.stringContaining("accessible to other users")]);
  await writeFile(join(home, "cut"), "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n", { mode: 0o600 });
  expect(await check("cut")).toEqual([expect.stringContaining("no private key")]);
  await writeFile(
    join(home, "empty"),
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n",
    { mode: 0o600 },
  );
  expect(await check("empty", other)).toEqual([]);
});
