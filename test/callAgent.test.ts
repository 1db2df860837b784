import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readAgent } from "../src/operations/app/readAgent.ts";
import type { AgentCall, AgentEvent } from "../src/remote/AgentCall.ts";
import { callAgent } from "../src/remote/callAgent.ts";
import { createWaitBench, sshd, startSshd, type WaitBench } from "../src/remote/testing/waitBench.ts";
import { deploy, holder, makeAgentBench, type AgentBench } from "./support/agentBench.ts";
import { repository } from "./support/makeTree.ts";

/** The agent over a real SSH connection to this computer. */
const skipped = existsSync(sshd) ? false : "no sshd: apt-get install openssh-server";
const timeout = 120_000;

interface Server {
  bench: AgentBench;
  machine: WaitBench;
  call(request: object, more?: Partial<AgentCall>): Promise<Record<string, unknown>>;
}

test.skipIf(skipped)("brings the agent, which answers, and stays for the next call", { timeout }, async () => {
  const { bench, call } = await makeServer();
  expect(await call({ command: "status" })).toMatchObject({ application: null, releases: 0 });
  const events: AgentEvent[] = [];
  const answer = await call(deploy("one"), { lease: true, hear: (event) => void events.push(event) });
  expect(answer).toMatchObject({ changed: true, release: { by: "ada@desk" } });
  expect(events).toContainEqual({ event: "progress", step: "switch", title: "switch", state: "finished" });
  expect(await call({ command: "status" })).toMatchObject({ application: "site", releases: 1 });
  const agents = await readdir(join(bench.root, "agent"));
  expect(agents).toHaveLength(2);
  expect(agents).toContain("current");
});

test.skipIf(skipped)("a body of bytes follows the request", { timeout }, async () => {
  const { bench, call } = await makeServer();
  const names = "web:one\n";
  const padding = "x:1\n".repeat(100_000);
  const size = names.length + padding.length;
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(names);
    yield Buffer.from(padding);
  }
  await call({ ...deploy("one"), images: { size } }, { lease: true, body: body() });
  expect(Object.keys(await bench.images())[0]).toBe("web:one");
});

test.skipIf(skipped)("a problem is an error with its code, hint and details", { timeout }, async () => {
  const { call } = await makeServer();
  await expect(call({ command: "rollback" }, { lease: true })).rejects.toMatchObject({
    code: "rollback.none",
    exit: 1,
    hint: "landfall app releases qa/acme lists what is kept",
  });
});

test.skipIf(skipped)("killing SSH while containers start leaves the release before", { timeout }, async () => {
  const { bench, machine, call } = await makeServer();
  await call(deploy("one"), { lease: true });
  await bench.plan("up after hold");
  const run = call(deploy("two"), { lease: true });
  await expect.poll(() => existsSync(join(bench.docker, "held")), { timeout: 60_000 }).toBe(true);
  for (const pid of await sshClients(machine)) process.kill(pid, "SIGKILL");
  await expect(run).rejects.toMatchObject({ code: "agent.cut", hint: expect.stringContaining("within 30 s") });
  await expect.poll(() => existsSync(join(bench.root, "deploy.json")), { timeout: 60_000 }).toBe(false);
  expect(await bench.serving()).toMatchObject({ Image: "web:one", State: "running" });
  await bench.plan();
  expect(await call(deploy("three"), { lease: true })).toMatchObject({ changed: true });
});

test.skipIf(skipped)("Ctrl-C lets the agent undo what it did, and say so", { timeout }, async () => {
  const { bench, call } = await makeServer();
  await call(deploy("one"), { lease: true });
  await bench.plan("up after hold");
  const stop = new AbortController();
  const run = call(deploy("two"), { lease: true, interrupt: stop.signal });
  await expect.poll(() => existsSync(join(bench.docker, "held")), { timeout: 60_000 }).toBe(true);
  stop.abort();
  await expect(run).rejects.toMatchObject({
    code: "deploy.abandoned",
    message: expect.stringContaining("serves again"),
  });
  expect(await bench.serving()).toMatchObject({ Image: "web:one" });
});

test.skipIf(skipped)("a server that shows another host key is sent nothing", { timeout }, async () => {
  const bench = await makeAgentBench(onTestFinished);
  const machine = await createWaitBench();
  await startSshd(machine, join(machine.directory, "user_key"), "cat > /dev/null");
  await expect(callOf(machine)({ command: "status" })).rejects.toMatchObject({ code: "wait.hostKey" });
  expect(await readdir(bench.root)).toEqual([]);
});

test.skipIf(skipped)("a server without python says what it lacks", { timeout }, async () => {
  const machine = await createWaitBench();
  await startSshd(machine, undefined, "echo sh: python3: not found >&2; exit 127");
  await expect(callOf(machine)({ command: "status" })).rejects.toMatchObject({
    code: "agent.silent",
    message: expect.stringContaining("python3: not found"),
  });
});

async function makeServer(): Promise<Server> {
  const bench = await makeAgentBench(onTestFinished);
  const machine = await createWaitBench();
  const own = `LANDFALL_AGENT_ROOT=${bench.root} PATH=${bench.docker}:/usr/bin:/bin`;
  await startSshd(machine, undefined, `env ${own} sh -c "$SSH_ORIGINAL_COMMAND"`);
  return { bench, machine, call: callOf(machine) };
}

function callOf({ target, ports }: WaitBench): Server["call"] {
  return async (request, more = {}) => {
    const agent = await readAgent({ ports, packageRoot: repository });
    return callAgent({ target, stack: "qa/acme", agent, request: { holder, ...request } as never, ...more }, ports);
  };
}

/** Processes of ssh that use this machine's known_hosts. */
async function sshClients({ target }: WaitBench): Promise<number[]> {
  const { readFile } = await import("node:fs/promises");
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return pids
    .filter((_, index) => lines[index]?.startsWith("ssh\0") && lines[index]?.includes(target.knownHosts))
    .map(Number);
}
