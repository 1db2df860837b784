import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applicationBench, type ApplicationBench } from "../support/applicationBench.ts";
import { canary, marker } from "../support/canary.ts";
import { certificateOf } from "../support/certificateOf.ts";
import { describeBackups } from "../support/describeBackups.ts";
import { describeNextRelease } from "../support/describeNextRelease.ts";
import { expectDeployed } from "../support/expectDeployed.ts";
import { findPebble, startCertificateAuthority, type CertificateAuthority } from "../support/certificateAuthority.ts";
import { imageArchive } from "../support/imageArchive.ts";
import { isOpen } from "../support/isOpen.ts";
import { killSsh } from "../support/killSsh.ts";
import { removeLeftMachines } from "../support/removeLeftMachines.ts";
import type { Finished } from "../support/startLandfall.ts";

/**
 * The life of an application on a real virtual machine with a real docker. The images are made from Debian packages, as no
 * registry can be reached: a real proxy, BitTorrent tracker, database and Prometheus.
 */
const environment = `e2e-app-${process.pid}`;
const domain = "tracker.torrust.dev";
const certificateSeconds = 180;
const secrets = {
  MYSQL_ROOT_PASSWORD: canary("the database's root"),
  // What has to be escaped somewhere, in the middle of it.
  MYSQL_PASSWORD: `${canary("the database's user")}/+@:%'"`,
  TRACKER_ADMIN_TOKEN: canary("the tracker's API"),
};

let bench: ApplicationBench;
let address: string;
let authority: CertificateAuthority | undefined;

beforeAll(async () => {
  bench = await applicationBench(environment, "libvirt");
  await removeLeftMachines(/e2e-app-(\d+)/);
  await bench.tree.environment(environment, environmentLines());
  const [applied] = await Promise.all([bench.run("apply", "--yes"), imageArchive("proxy"), allImages()]);
  expect(applied.result, applied.stdout.slice(-4000)).toMatchObject({ ok: true, ready: true });
  address = String(applied.result["address"]);
  const pebble = await findPebble();
  if (pebble !== undefined) authority = await startCertificateAuthority(pebble, address, certificateSeconds);
});

afterAll(async () => {
  await bench?.run("destroy", "--yes").catch(() => undefined);
  await authority?.stop();
  await bench?.tree.remove();
});

const allImages = (): Promise<string> => imageArchive("database", "metrics", "proxy", "tracker");

describe("a static site in one container", () => {
  const deploy = (title: string, ...args: string[]): ReturnType<ApplicationBench["start"]> =>
    bench.start("deploy", "--set", `TITLE=${title}`, "--set", "APPLICATION_DIR=static-site", ...args);
  const title = async (): Promise<string | undefined> =>
    /<title>(.*)<\/title>/.exec((await bench.page(address)) ?? "")?.[1];

  test("is deployed from an archive of images", async () => {
    await bench.place("static-site");
    const deployed = await deploy("first", "--images", await imageArchive("proxy")).finished;
    expectDeployed(deployed);
    expect(await title()).toBe("first");
    const again = await deploy("first", "--images", await imageArchive("proxy")).finished;
    expect(again.result).toMatchObject({ ok: true, changed: false });
  });

  test.each(["release", "check", "images", "switch", "health"])(
    "where SSH dies at the step %s, the release before serves",
    async (step) => {
      const started = deploy(`cut-${step}`);
      await started.seen((output) => output.includes(`"type":"step.started","step":"${step}"`));
      const seen: (string | undefined)[] = [];
      const before = ["release", "check", "images"].includes(step);
      const watching = before ? watch(seen, title, started.finished) : undefined;
      expect(await killSsh(started.child.pid ?? 0)).toBeGreaterThan(0);
      const cut = await started.finished;
      expect(cut.status).toBe(1);
      await watching;
      // Nothing was touched yet: it served all the time.
      if (before) expect(new Set(seen)).toEqual(new Set(["first"]));
      await expect.poll(title, { timeout: 120_000, interval: 1000 }).toBe("first");
    },
  );

  test("and the next deploy succeeds; who deploys meanwhile is told who is at it", async () => {
    const first = deploy("second");
    await first.seen((output) => output.includes('"step":"check"'));
    const refused = await deploy("third").finished;
    expect([refused.status, refused.result.ok]).toEqual([6, false]);
    expectDeployed(await first.finished);
    expect(await title()).toBe("second");
  });

  test("and where SSH dies while images arrive, it serves on", async () => {
    const started = deploy("cut-upload", "--images", await allImages());
    await started.seen((output) => output.includes('"step":"upload"'));
    expect(await killSsh(started.child.pid ?? 0)).toBeGreaterThan(0);
    expect((await started.finished).status).toBe(1);
    expect(await title()).toBe("second");
  });
});

describe("proxy, tracker, database and metrics", () => {
  let serial: string;
  const deploy = (...args: string[]): Promise<Finished> => bench.run("deploy", ...args);
  const sql = (statement: string): Promise<Finished> =>
    bench.run(
      "app exec",
      "database",
      "--",
      "sh",
      "-c",
      `MYSQL_PWD="$(cat /run/secrets/database_password)" exec mariadb --skip-ssl -h 127.0.0.1 -u torrust -N torrust_tracker -e "${statement}"`,
    );

  test("take the place of the other application, with a certificate of a real authority", async () => {
    await bench.place("tracker");
    await bench.tree.environment(environment, environmentLines(authority));
    expectDeployed(await deploy("--images", await allImages()));
    expect(await bench.page(address)).toBe("first");
    const certificate = await certificateOf(address, domain);
    serial = certificate.serialNumber;
    expect(certificate.subjectAltName).toBe(`DNS:${domain}`);
    if (authority !== undefined) expect(certificate.issuer).toContain("Pebble");
  });

  test("are healthy, from the server and from outside, and only what is meant is open", async () => {
    const { result, status, stdout } = await bench.run("app health");
    expect(status, stdout.slice(-3000)).toBe(0);
    const checks = result["checks"] as { name: string; from: string; outcome: string }[];
    const good = checks.filter(({ outcome }) => outcome === "good").map(({ name, from }) => `${name} ${from}`);
    expect(good).toEqual(
      expect.arrayContaining([
        ...["proxy", "tracker", "database", "metrics"].map((service) => `service ${service} server`),
        ...["api", "announce", "database", "metrics", "site", "certificate"].map((name) => `${name} server`),
        ...["announce outside", "site outside", "disk server"],
      ]),
    );
    const open = await Promise.all([80, 443, 1212, 3306, 9090].map((port) => isOpen(address, port)));
    expect(open).toEqual([true, true, false, false, false]);
    const announce = `http://${address}/announce?info_hash=Landfall-test-torren&peer_id=aaaaaaaaaaaaaaaaaaaa&port=6881&left=0`;
    expect(await (await fetch(announce)).text()).toContain("8:intervali");
  });

  test("show no secret: not to other users of the server, not in images, arguments or logs", async () => {
    const shown = await bench.onServer(
      [
        `find /var/lib/torrust /etc /tmp /run/user -type f -readable 2>/dev/null | xargs -r grep -ls ${marker.slice(0, 8)} || true`,
        `sudo docker inspect $(sudo docker ps -aq) | grep -c ${marker.slice(0, 8)} || true`,
        `ps -eww -o args | grep ${marker.slice(0, 8)} | grep -v grep | grep -v 'sh -c' | wc -l`,
        `sudo grep -c ${marker.slice(0, 8)} /var/lib/cloud/instance/user-data.txt || true`,
        `sudo docker image ls -q | sort -u | xargs -r -n 1 sudo docker history --no-trunc | grep -c ${marker.slice(0, 8)} || true`,
      ].join("; "),
    );
    expect(shown.trim().split("\n")).toEqual(["0", "0", "0", "0"]);
    const logs = await bench.run("app logs");
    expect([logs.status, logs.stdout.includes(marker.slice(0, 8))]).toEqual([0, false]);
  });

  test("have another certificate before the first one ends, without a restart", async (context) => {
    if (authority === undefined) return context.skip();
    await expect
      .poll(async () => (await certificateOf(address, domain)).serialNumber, { timeout: 240_000, interval: 3000 })
      .not.toBe(serial);
  });

  test("keep what is written when a broken release is undone, which says what failed", async () => {
    const written = await sql("CREATE TABLE proof (word TEXT); INSERT INTO proof VALUES ('kept')");
    expect(written.result, written.stdout).toMatchObject({ ok: true });
    await bench.edit("tracker/application.yaml", (text) => text.replace(/healthy_within: \d+/, "healthy_within: 60"));
    await bench.edit("tracker/templates/Caddyfile", (text) => text.replace("admin off", "admin off\n\tnonsense yes"));
    const broken = await deploy();
    expect(broken.status, broken.stdout.slice(-3000)).toBe(1);
    expect(JSON.stringify(broken.result)).toMatch(/unrecognized global option: nonsense/);
    expect(broken.result).toMatchObject({ error: { code: "deploy.unhealthy" } });
    await bench.edit("tracker/templates/Caddyfile", (text) => text.replace("\n\tnonsense yes", ""));
    await bench.edit("tracker/application.yaml", (text) => text.replace("healthy_within: 60", "healthy_within: 300"));
    await expect.poll(() => bench.page(address), { timeout: 60_000, interval: 1000 }).toBe("first");
  });

  describeBackups(() => ({ bench }));

  test("are brought back from a backup after their data was destroyed", async () => {
    const tried = await bench.run("app backup verify");
    expect(tried.result, tried.stdout.slice(-3000)).toMatchObject({ ok: true });
    await bench.onServer(
      "sudo docker stop -t 5 tracker-database-1 >/dev/null; sudo find /var/lib/torrust/data/database -mindepth 1 -delete",
    );
    expect((await bench.run("app health")).status).toBe(1);
    const restored = await bench.run("app restore", "--yes");
    expect(restored.result, restored.stdout.slice(-3000)).toMatchObject({ ok: true });
    expect((await sql("SELECT word FROM proof")).result["stdout"]).toBe("kept\n");
    expect((await certificateOf(address, domain)).subjectAltName).toBe(`DNS:${domain}`);
  });

  describeNextRelease(() => ({ bench, sql, address }));

  test("are removed with the machine", async () => {
    const { result, stdout } = await bench.run("destroy", "--yes");
    expect(result, stdout.slice(-3000)).toMatchObject({ ok: true });
  });
});

function environmentLines(acme?: CertificateAuthority): string[] {
  const quoted = ([name, value]: [string, string]): string =>
    `${name}="${value.replaceAll(/[\\"$]/g, "\\$&").replaceAll("\n", "\\n")}"`;
  return [
    `ENVIRONMENT=${environment}`,
    `VM_NAME=landfall-${environment}`,
    "VM_MEMORY=1536",
    "VM_VCPUS=1",
    "VM_DISK_SIZE=10",
    "PROVIDER_LIBVIRT_BASE_IMAGE_URL=debian:13",
    "APPLICATION_DIR=tracker",
    `DOMAIN_NAME=${domain}`,
    "CERTBOT_EMAIL=admin@torrust.dev",
    "ENABLE_SSL=true",
    ...Object.entries(secrets).map(quoted),
    ...(acme === undefined
      ? ["ACME_DIRECTORY=internal"]
      : [`ACME_DIRECTORY=${acme.directory}`, quoted(["ACME_CA_CERTIFICATE", acme.certificate])]),
  ];
}

/** Asks again and again until `end`. */
async function watch<T>(seen: T[], ask: () => Promise<T>, end: Promise<unknown>): Promise<void> {
  const over = end.then(() => true);
  const pause = (): Promise<boolean> => new Promise((resolve) => setTimeout(() => resolve(false), 300));
  do seen.push(await ask());
  while (!(await Promise.race([over, pause()])));
}
