import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./freePort.ts";
import { cache } from "./landfall.ts";

const run = promisify(execFile);

export interface CertificateAuthority {
  /** Its ACME directory. */
  directory: string;
  /** What the ACME client has to trust to talk to it. */
  certificate: string;
  stop(): Promise<void>;
}

/** Where the programs are that scripts/buildTestTool.sh pebble makes; undefined, said loudly, where they are not. */
export async function findPebble(): Promise<string | undefined> {
  const folder = join(cache, "test-tools");
  const name = (await readdir(folder).catch(() => [])).findLast((entry) => entry.startsWith("pebble-"));
  if (name === undefined) process.stderr.write("SKIPPED: no pebble; scripts/buildTestTool.sh pebble builds it\n");
  return name === undefined ? undefined : join(folder, name);
}

/**
 * A real ACME authority on this computer, for a machine at `machine`: every name that it is asked about is there. Its
 * certificates are good for `seconds`.
 */
export async function startCertificateAuthority(
  programs: string,
  machine: string,
  seconds: number,
): Promise<CertificateAuthority> {
  const folder = await mkdtemp(join(tmpdir(), "landfall-authority-"));
  const { stdout } = await run("ip", ["-j", "route", "get", machine]);
  const [route] = JSON.parse(stdout) as { prefsrc: string }[];
  const here = route?.prefsrc ?? "127.0.0.1";
  const [acme, management, dns, control] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const [certificate, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  const subject = ["-subj", "/CN=authority", "-addext", `subjectAltName=IP:${here}`, "-days", "2"];
  await run(
    "openssl",
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"].concat(
      ["-keyout", key, "-out", certificate],
      subject,
    ),
  );
  const configuration = {
    pebble: {
      listenAddress: `${here}:${acme}`,
      managementListenAddress: `127.0.0.1:${management}`,
      certificate,
      privateKey: key,
      httpPort: 80,
      tlsPort: 443,
      keyAlgorithm: "ecdsa",
      // Else it says when in one of two forms at random, of which Caddy 2.6 reads one.
      retryAfter: { authz: 0, order: 0 },
      profiles: { default: { description: "minutes", validityPeriod: seconds } },
    },
  };
  await writeFile(join(folder, "pebble.json"), JSON.stringify(configuration));
  const none = ["-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", ""];
  const names = ["-dnsserver", `127.0.0.1:${dns}`, "-management", `127.0.0.1:${control}`];
  const children = [
    start(programs, "pebble-challtestsrv", [...none, ...names, "-defaultIPv4", machine, "-defaultIPv6", ""]),
    start(programs, "pebble", ["-config", join(folder, "pebble.json"), "-dnsserver", `127.0.0.1:${dns}`]),
  ];
  await answers(management);
  return {
    directory: `https://${here}:${acme}/dir`,
    certificate: await readFile(certificate, "utf8"),
    async stop() {
      for (const child of children) child.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function start(programs: string, name: string, args: string[]): ChildProcess {
  // Ends with this process, however that ends.
  const child = spawn("setpriv", ["--pdeathsig", "KILL", join(programs, name), ...args], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "0" },
  });
  child.unref();
  return child;
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const there = await new Promise<boolean>((resolve) => {
      request({ host: "127.0.0.1", port, path: "/roots/0", rejectUnauthorized: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      })
        .on("error", () => resolve(false))
        .end();
    });
    if (there) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("pebble does not answer");
}
