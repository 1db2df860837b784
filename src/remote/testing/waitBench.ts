import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { AppError } from "../../errors.ts";
import type { Event } from "../../events/Event.ts";
import type { Ports } from "../../ports/Ports.ts";
import { realPorts } from "../../system/realPorts.ts";
import { generateKeyPair } from "../generateKeyPair.ts";
import type { SshTarget } from "../SshTarget.ts";
import type { WaitRequest } from "../Wait.ts";
import { waitForMachine, type WaitReport } from "../waitForMachine.ts";
import { writeKnownHosts } from "../writeKnownHosts.ts";

/** The server that these tests need; apt-get install openssh-server. */
export const sshd = "/usr/sbin/sshd";

/** This computer as a machine to wait for: keys, a free port and a stand-in for /run/cloud-init of its own. */
export interface WaitBench {
  directory: string;
  target: SshTarget;
  events: Event[];
  ports: Ports;
}

export async function createWaitBench(): Promise<WaitBench> {
  const events: Event[] = [];
  const ports = realPorts((event) => void events.push(event));
  const directory = await mkdtemp(join(tmpdir(), "landfall-wait-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await mkdir(join(directory, "cloud-init"));
  const user = await generateKeyPair(join(directory, "user_key"), "user", ports);
  const host = await generateKeyPair(join(directory, "host_key"), "host", ports);
  await writeFile(join(directory, "authorized_keys"), user.publicKey, { mode: 0o600 });
  const target = {
    address: "127.0.0.1",
    port: await freePort(),
    user: userInfo().username,
    alias: "landfall-dev-acme",
    knownHosts: join(directory, "known_hosts"),
    identityFile: user.privateKeyFile,
  };
  await writeKnownHosts(target.knownHosts, target.alias, host.publicKey, ports.files);
  return { directory, target, events, ports };
}

export function wait(
  { target, ports }: WaitBench,
  changes: Partial<WaitRequest> = {},
  // Nobody waits for it where all goes well, however busy this computer is.
  budgetMs = 60_000,
): Promise<WaitReport> {
  const budgets = { sshMs: budgetMs, cloudInitMs: budgetMs };
  const address = async (): Promise<string> => target.address;
  return waitForMachine({ address, target: () => target, stack: "dev/acme", budgets, ...changes }, ports);
}

export async function refusal(
  bench: WaitBench,
  changes: Partial<WaitRequest> = {},
  budgetMs = 10_000,
): Promise<AppError> {
  return wait(bench, changes, budgetMs).then(
    () => expect.unreachable("it should not have succeeded"),
    (error: AppError) => error,
  );
}

/** What was told of progress, in order. */
export function details({ events }: WaitBench): string[] {
  return events.flatMap((event) => (event.type === "phase.progress" ? (event.detail ?? []) : []));
}

/** Waits until `words` are told of progress. */
export async function told(bench: WaitBench, words: string): Promise<void> {
  await expect.poll(() => details(bench).join("\n"), { timeout: 60_000, interval: 20 }).toContain(words);
}

/** Commands of the session see the bench's directory in the place of /run/cloud-init, unless `forced` is run instead. */
export async function startSshd(bench: WaitBench, hostKey?: string, forced?: string): Promise<ChildProcess> {
  const server = await launchSshd(bench, hostKey, forced);
  await expect
    .poll(() => bench.ports.network.connect("127.0.0.1", bench.target.port ?? 0, 500), { timeout: 5000, interval: 20 })
    .toMatchObject({ banner: expect.stringMatching(/^SSH-/) });
  return server;
}

/** As `startSshd`, without waiting until it answers: for a test that waits for that itself. */
export async function launchSshd(
  { directory, target }: WaitBench,
  hostKey = join(directory, "host_key"),
  forced?: string,
): Promise<ChildProcess> {
  if (userInfo().uid === 0) await mkdir("/run/sshd", { recursive: true });
  const config = join(directory, "sshd_config");
  const run = join(directory, "cloud-init");
  await writeFile(
    config,
    [
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${join(directory, "authorized_keys")}`,
      `ForceCommand ${forced ?? `sed -u 's,/run/cloud-init,${run},' | sh -s`}`,
      "ListenAddress 127.0.0.1",
      `Port ${target.port}`,
      "PermitRootLogin prohibit-password",
      "PasswordAuthentication no",
      "StrictModes no",
      "UsePAM no",
      "PidFile none",
    ].join("\n"),
  );
  const server = spawn(sshd, ["-D", "-e", "-f", config], { detached: true, stdio: "ignore" });
  onTestFinished(() => endWithSessions(server));
  return server;
}

/** Ends a server and the sessions that it holds. */
export function endWithSessions({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

/** Writes what cloud-init would write. */
export async function cloudInit({ directory, ports }: WaitBench, v1: object, finished = false): Promise<void> {
  const run = join(directory, "cloud-init");
  await ports.files.write(join(run, "status.json"), JSON.stringify({ v1 }, undefined, 1));
  if (finished) await ports.files.write(join(run, "result.json"), "{}");
}

/** A server on the bench's port that is no SSH server, or a broken one. */
export function serve({ target }: WaitBench, behave: (socket: Socket) => unknown): void {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    behave(socket);
  }).listen(target.port, "127.0.0.1");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
