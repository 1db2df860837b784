import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Event } from "../events/Event.ts";
import { realPorts } from "../system/realPorts.ts";
import { generateKeyPair } from "./generateKeyPair.ts";
import { resolveSshKey, type SshKeyRequest } from "./resolveSshKey.ts";

let home: string;
let events: Event[];
let request: SshKeyRequest;
const ports = realPorts((event) => void events.push(event));

beforeEach(async () => {
  events = [];
  home = await mkdtemp(join(tmpdir(), "landfall-keys-"));
  await mkdir(join(home, ".ssh"));
  await mkdir(join(home, "stack"));
  request = { home, generatedKeyPath: join(home, "stack", "id_ed25519"), protected: false };
});

afterEach(() => rm(home, { recursive: true }));

const userKey = (name: string) => generateKeyPair(join(home, ".ssh", name), name, ports);
const failure = async (asked: SshKeyRequest) => {
  const error = await resolveSshKey(asked, ports).catch((caught: unknown) => caught);
  return error as { code: string; message: string; hint: string; exit: number };
};

describe("resolveSshKey", () => {
  it("takes the user's keys in the documented order", async () => {
    const later = await userKey("id_ed25519");
    expect(await resolveSshKey(request, ports)).toEqual({
      publicKey: later.publicKey,
      identityFile: later.privateKeyFile,
      origin: "home",
    });
    const first = await userKey("torrust_rsa");
    expect((await resolveSshKey(request, ports)).publicKey).toBe(first.publicKey);
  });

  it("prefers SSH_PUBLIC_KEY and finds its private half among all keys of the user", async () => {
    await userKey("id_ed25519");
    const work = await userKey("work");
    expect(await resolveSshKey({ ...request, configured: `${work.publicKey}\n` }, ports)).toEqual({
      publicKey: work.publicKey,
      identityFile: work.privateKeyFile,
      origin: "SSH_PUBLIC_KEY",
    });
  });

  it("names the public file where only the agent has the private key", async () => {
    const { privateKeyFile } = await userKey("id_rsa");
    await rm(privateKeyFile);
    expect((await resolveSshKey(request, ports)).identityFile).toBe(`${privateKeyFile}.pub`);
  });

  it("keeps the key that the machine was made with and says so", async () => {
    const old = await userKey("old");
    const other = await userKey("id_rsa");
    const key = await resolveSshKey({ ...request, recorded: old.publicKey, configured: other.publicKey }, ports);
    expect(key).toEqual({ publicKey: old.publicKey, identityFile: old.privateKeyFile, origin: "recorded" });
    expect(events).toMatchObject([{ type: "notice", code: "ssh.keyKept" }]);
  });

  it("derives the public key of SSH_PRIVATE_KEY_FILE where it is missing", async () => {
    const { privateKeyFile, publicKey } = await userKey("work");
    await rm(`${privateKeyFile}.pub`);
    const key = await resolveSshKey({ ...request, privateKeyFile: "~/.ssh/work" }, ports);
    expect(key).toEqual({ publicKey, identityFile: privateKeyFile, origin: "SSH_PRIVATE_KEY_FILE" });
  });

  it("refuses a SSH_PRIVATE_KEY_FILE that does not exist", async () => {
    expect(await failure({ ...request, privateKeyFile: "/nowhere/key" })).toMatchObject({
      code: "ssh.privateKeyFile",
      message: "SSH_PRIVATE_KEY_FILE: /nowhere/key does not exist",
      exit: 3,
    });
  });

  it("makes a key once where there is none, readable for its owner only", async () => {
    const key = await resolveSshKey(request, ports);
    expect(key).toMatchObject({ identityFile: request.generatedKeyPath, origin: "generated" });
    expect(key.publicKey).toMatch(/^ssh-ed25519 \S+ landfall$/);
    expect((await stat(request.generatedKeyPath)).mode & 0o777).toBe(0o600);
    expect(await resolveSshKey(request, ports)).toEqual(key);
  });

  it("makes none for a protected environment, and says how to get one", async () => {
    const error = await failure({ ...request, protected: true });
    expect(error).toMatchObject({ code: "ssh.noKey", exit: 3 });
    expect(error.hint).toMatch(/ssh-keygen -t ed25519.*SSH_PUBLIC_KEY/);
  });

  it("refuses a private key in the place of a public one without repeating it", async () => {
    const { privateKeyFile } = await userKey("id_rsa");
    const configured = await readFile(privateKeyFile, "utf8");
    const error = await failure({ ...request, configured });
    expect(error).toMatchObject({ code: "ssh.publicKey", exit: 3 });
    expect(error.message).toBe("SSH_PUBLIC_KEY is a private key; only the public one may leave this computer");
    expect(JSON.stringify(error)).not.toContain(configured.split("\n")[1]);
  });

  it.each([
    ["", "is empty"],
    ["~/.ssh/id_rsa.pub", "is a path, not a key"],
    ["hello", "does not begin with a type"],
    ["ssh-ed25519 AAAA", "is damaged"],
    ["ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIPq5", "is damaged"],
    ["ssh-ed25519 AAAA\nssh-ed25519 AAAA", "has more than one line"],
  ])("refuses %j as a public key", async (configured, why) => {
    expect((await failure({ ...request, configured })).message).toContain(why);
  });

  it("names the file of the user that holds no key", async () => {
    const path = join(home, ".ssh", "id_ed25519.pub");
    await writeFile(path, "garbage\n");
    expect((await failure(request)).message).toContain(path);
  });
});

describe("generateKeyPair", () => {
  it("restores a public half that was lost and never replaces the private one", async () => {
    const path = join(home, "stack", "host_key");
    const { publicKey } = await generateKeyPair(path, "dev/acme", ports);
    const secret = await readFile(path, "utf8");
    await rm(`${path}.pub`);
    expect((await generateKeyPair(path, "other", ports)).publicKey).toBe(publicKey);
    expect(await readFile(path, "utf8")).toBe(secret);
  });

  it("starts anew over what an interrupted call left", async () => {
    const path = join(home, "stack", "host_key");
    await writeFile(`${path}.new`, "half a key");
    expect((await generateKeyPair(path, "dev/acme", ports)).publicKey).toMatch(/ dev\/acme$/);
  });
});
