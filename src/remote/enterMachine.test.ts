import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { generateKeyPair } from "./generateKeyPair.ts";
import {
  cloudInit,
  createWaitBench,
  details,
  endWithSessions,
  refusal,
  sshd,
  launchSshd,
  startSshd,
  told,
  wait,
  type WaitBench,
} from "./testing/waitBench.ts";
import { writeKnownHosts } from "./writeKnownHosts.ts";

let bench: WaitBench;

const missing = !existsSync(sshd);
if (missing) process.stderr.write(`SKIPPED: ${sshd} is missing; install openssh-server or run \`make test\`\n`);

beforeEach(async () => {
  bench = await createWaitBench();
});

describe.skipIf(missing)("a real SSH server", () => {
  it("goes through every phase, in one connection, and follows the stages of the first boot", async () => {
    setTimeout(() => void launchSshd(bench), 600);
    await cloudInit(bench, { stage: "modules-config" });
    const boot = async (): Promise<void> => {
      await told(bench, "stage config");
      await cloudInit(bench, { stage: "modules-final" });
      await told(bench, "stage final");
      await pause(1100);
      await cloudInit(bench, { stage: null }, true);
    };
    const [report] = await Promise.all([wait(bench), boot()]);
    expect(report.address).toBe("127.0.0.1");
    expect(report.phases.map(({ phase }) => phase)).toEqual(["address", "port", "host-key", "login", "cloud-init"]);
    expect(report.phases[1]?.elapsedMs).toBeGreaterThan(400);
    expect(report.phases[4]?.elapsedMs).toBeGreaterThan(1000);
    expect(new Set(details(bench))).toEqual(new Set(["connection refused", "stage config", "stage final"]));
  });

  it("is content with a login where the first boot is not asked for", async () => {
    await startSshd(bench);
    const report = await wait(bench, { skipCloudInit: true });
    expect(report.phases.map(({ phase }) => phase)).toEqual(["address", "port", "host-key", "login"]);
  });

  it("fails with the errors of the first boot", async () => {
    await startSshd(bench);
    await cloudInit(bench, { stage: null, "modules-final": { errors: ["('runcmd', boom)"] } }, true);
    expect(await refusal(bench)).toMatchObject({
      code: "wait.cloudInit",
      message: "the first boot of dev/acme ended with errors",
      problems: [{ message: "final: ('runcmd', boom)" }],
    });
  });

  it("warns of a degraded first boot", async () => {
    await startSshd(bench);
    await cloudInit(bench, { stage: null, init: { recoverable_errors: { WARNING: ["no route"] } } }, true);
    await wait(bench);
    expect(bench.events).toContainEqual(
      expect.objectContaining({
        code: "cloudInit.degraded",
        message: "the first boot finished with warnings: network: no route",
      }),
    );
  });

  it("says at which stage a slow first boot is", async () => {
    await startSshd(bench);
    await cloudInit(bench, { stage: "modules-final" });
    const error = await refusal(bench, { budgets: { sshMs: 10_000, cloudInitMs: 1500 } });
    expect(error.message).toBe('the first boot of dev/acme has not finished within 2 s and is in its stage "final"');
  });

  it("connects again when the connection is lost in the middle of the first boot", async () => {
    const first = await startSshd(bench);
    await cloudInit(bench, { stage: "modules-final" });
    setTimeout(() => {
      endWithSessions(first);
      void cloudInit(bench, { stage: null }, true).then(() => launchSshd(bench));
    }, 1500);
    const report = await wait(bench);
    expect(report.phases).toHaveLength(5);
  });

  it("refuses a wrong host key at once (compatibility 21)", async () => {
    await startSshd(
      bench,
      (await generateKeyPair(join(bench.directory, "other_key"), "other", bench.ports)).privateKeyFile,
    );
    const started = Date.now();
    const error = await refusal(bench);
    expect(error.code).toBe("wait.hostKey");
    expect(error.message).toMatch(/shows a host key \(SHA256:\S+\) that is not the one of dev\/acme/);
    expect(Date.now() - started).toBeLessThan(3000);
  });

  it("takes a machine that was made again, with a new host key at the same address (compatibility 21)", async () => {
    const first = await startSshd(bench);
    await wait(bench, { skipCloudInit: true });
    endWithSessions(first);
    const renewed = await generateKeyPair(join(bench.directory, "renewed_key"), "renewed", bench.ports);
    await writeKnownHosts(bench.target.knownHosts, bench.target.alias, renewed.publicKey, bench.ports.files);
    await startSshd(bench, renewed.privateKeyFile);
    expect((await wait(bench, { skipCloudInit: true })).phases).toHaveLength(4);
  });

  it("goes on asking while the user does not exist yet", async () => {
    await startSshd(bench);
    const allowed = join(bench.directory, "authorized_keys");
    await rm(allowed);
    const appear = async (): Promise<void> => {
      await told(bench, "Permission denied (publickey");
      await bench.ports.files.copy(join(bench.directory, "user_key.pub"), allowed);
    };
    const [report] = await Promise.all([wait(bench, { skipCloudInit: true }), appear()]);
    expect(report.phases).toHaveLength(4);
  });

  it("tells a login that is never granted", async () => {
    await startSshd(bench);
    await rm(join(bench.directory, "authorized_keys"));
    const error = await refusal(bench, {}, 2500);
    expect(error.code).toBe("wait.login");
    expect(error.message).toMatch(/did not let us in within \d s: .*Permission denied \(publickey/);
    expect(error.hint).toContain(`The key that was tried: ${bench.target.identityFile}`);
  });

  it("tells at once that the private key is locked with a passphrase", async () => {
    await startSshd(bench);
    const key = bench.target.identityFile ?? "";
    await bench.ports.processes.run({
      program: "ssh-keygen",
      arguments: ["-q", "-p", "-N", "secret phrase", "-f", key],
    });
    const error = await refusal(bench);
    expect(error.code).toBe("wait.login");
    expect(error.message).toContain("knows the SSH key, but its private half");
    expect(error.hint).toContain(`ssh-add ${key}`);
  });
});
