import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AppError } from "../errors.ts";
import { realPorts } from "../system/realPorts.ts";
import { acceptedHostKey, knownHostKeys } from "./findHostKeys.ts";

const directory = mkdtempSync(join(tmpdir(), "landfall-host-keys-"));
const ports = realPorts();
const keygen = async (...options: string[]): Promise<string> =>
  (await ports.processes.run({ program: "ssh-keygen", arguments: options })).stdout;
const material = async (name: string): Promise<string> => {
  await keygen("-q", "-t", "ed25519", "-N", "", "-f", join(directory, name));
  return readFileSync(join(directory, `${name}.pub`), "utf8").split(" ")[1] ?? "";
};
const [machine, other] = [await material("machine"), await material("other")];

describe("keys that the user trusts already", () => {
  const file = join(directory, "known_hosts");
  test.each([false, true])(
    "are found by address, hashed: %s; revoked ones and those of others are not",
    async (hashed) => {
      writeFileSync(
        file,
        [
          `192.0.2.1,box.example.org ssh-ed25519 ${machine}`,
          `192.0.2.2 ssh-ed25519 ${other}`,
          `@revoked 192.0.2.1 ssh-ed25519 ${other}\n`,
        ].join("\n"),
      );
      if (hashed) await keygen("-q", "-H", "-f", file);
      expect(await knownHostKeys("192.0.2.1", file, ports)).toBe(`ssh-ed25519 ${machine}\n`);
      expect(await knownHostKeys("192.0.2.9", file, ports)).toBe("");
    },
  );

  test("there may be no file", async () => {
    expect(await knownHostKeys("192.0.2.1", join(directory, "none"), ports)).toBe("");
  });
});

describe("a key that is accepted by its fingerprint", () => {
  const fingerprint = (key: string): string =>
    `SHA256:${createHash("sha256").update(Buffer.from(key, "base64")).digest("base64").replace(/=+$/, "")}`;
  const scanned = (...keys: string[]) => ({
    processes: {
      ...ports.processes,
      run: async () => ({
        status: 0,
        signal: null,
        stdout: keys.map((key) => `# 192.0.2.1:22\n192.0.2.1 ssh-ed25519 ${key}\n`).join(""),
        stderr: "",
        durationMs: 1,
      }),
    },
  });

  test("it alone is trusted", async () => {
    expect(await acceptedHostKey("192.0.2.1", fingerprint(machine), scanned(other, machine))).toBe(
      `ssh-ed25519 ${machine}\n`,
    );
    expect(fingerprint(machine)).toBe((await keygen("-l", "-f", join(directory, "machine.pub"))).split(" ")[1]);
  });

  test("another one is refused, and shown", async () => {
    const error = await acceptedHostKey("192.0.2.1", fingerprint(machine), scanned(other)).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: "ssh.hostKey", exit: 5 });
    expect(JSON.stringify(error.problems)).toContain(fingerprint(other));
  });

  test("a machine that does not answer is said", async () => {
    await expect(acceptedHostKey("192.0.2.1", "SHA256:x", scanned())).rejects.toMatchObject({
      hint: expect.stringContaining("does not answer"),
    });
  });
});
