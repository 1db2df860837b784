import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { repository } from "./makeTree.ts";

/** A server of its own for the agent: its directory, and a docker that keeps containers in files. */
export interface AgentBench {
  root: string;
  docker: string;
  /** Where systemd's units are. */
  units: string;
  start(request: object, options?: StartOptions): AgentRun;
  call(request: object, options?: StartOptions): Promise<AgentOutcome>;
  /** A command for timers and people. */
  direct(...words: string[]): Promise<{ status: number | null; text: string }>;
  /** What shall happen at calls of docker: `CALL before|after WHAT`. */
  plan(...lines: string[]): Promise<void>;
  calls(): Promise<string[]>;
  /** Ids of the images, by name. */
  images(): Promise<Record<string, string>>;
  addImage(name: string): Promise<void>;
  /** By their names. */
  removeImages(which: (name: string) => boolean): Promise<void>;
  /** Release, state and image (what it is kept as without its id, and its id) of the service web, as docker has it. */
  serving(): Promise<{ release: string; State: string; Image: string; image: string } | undefined>;
  current(): Promise<string | undefined>;
  releases(): Promise<string[]>;
}

export interface StartOptions {
  /** What follows the request. */
  body?: string | Uint8Array;
  /** Whether signs of life are sent; else the input ends. */
  beats?: boolean;
  /** Before which change of the disk the worker, or all of them, die. */
  killed?: readonly [number: number, who: "worker" | "all"];
}

export interface AgentRun {
  child: ChildProcess;
  events: AgentLine[];
  ended: Promise<AgentOutcome>;
  /** Lets the operator go away. */
  hangUp(): void;
}

export type AgentLine = { event: string } & Record<string, unknown>;

export interface AgentOutcome {
  events: AgentLine[];
  /** What the result says. */
  answer: Record<string, unknown> | undefined;
  problem: (AgentLine & { code: string; message: string }) | undefined;
  text: string;
}

export const holder = { user: "ada", host: "desk" };
export const secret = "corr/ect horse'battery\"9";

/**
 * `whenFinished` is the test's own: tests at the same time would mix up the general one. With `diskMiB` the server's
 * directory is a disk of its own, of that size; only root can do that.
 */
export async function makeAgentBench(
  whenFinished: (work: () => Promise<void>) => void,
  { diskMiB }: { diskMiB?: number } = {},
): Promise<AgentBench> {
  const base = await mkdtemp(join(tmpdir(), "landfall-agent-"));
  whenFinished(() => rm(base, { recursive: true, force: true, maxRetries: 5 }));
  const [root, docker, units] = [join(base, "server"), join(base, "docker"), join(base, "units")];
  await mkdir(root);
  if (diskMiB !== undefined) {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${diskMiB}m`, "landfall-test", root]);
    whenFinished(async () => void execFileSync("umount", ["--lazy", root]));
  }
  await mkdir(units);
  await cp(join(repository, "test", "fixtures", "docker"), docker, { recursive: true });
  const env = {
    PATH: `${docker}:/usr/bin:/bin:${process.env["PATH"]}`,
    LANDFALL_AGENT_ROOT: root,
    LANDFALL_AGENT_UNITS: units,
    HOME: base,
  };
  const bench: AgentBench = {
    root,
    docker,
    units,
    start(request, { body = "", beats = true, killed } = {}) {
      const agent = join(repository, "agent");
      const words = killed === undefined ? [agent] : [join(docker, "killed.py"), agent, ...killed.map(String)];
      const child = spawn("python3", ["-I", ...words, "serve"], {
        env,
        stdio: ["pipe", "pipe", "pipe"],
        detached: true,
      });
      writeFileSync(join(docker, "front"), String(child.pid));
      child.stdin.on("error", () => undefined);
      child.stdin.write(`${JSON.stringify({ protocol: 1, holder, ...request })}\n`);
      child.stdin.write(body);
      const heart = setInterval(() => child.stdin.write("\n"), 500);
      if (!beats) clearInterval(heart);
      const run = { child, events: [] as AgentLine[] };
      let text = "";
      let errors = "";
      child.stderr.on("data", (piece: Buffer) => (errors += piece.toString()));
      child.stdout.on("data", (piece: Buffer) => {
        text += piece.toString();
        run.events.splice(0, Infinity, ...parse(text));
      });
      const ended = new Promise<AgentOutcome>((resolve) => {
        child.on("close", () => {
          clearInterval(heart);
          const { events } = run;
          const answer = events.find(({ event }) => event === "result")?.["answer"] as AgentOutcome["answer"];
          const problem = events.find(({ event }) => event === "problem") as AgentOutcome["problem"];
          resolve({ events, answer, problem, text: text + errors });
        });
      });
      const hangUp = (): void => {
        clearInterval(heart);
        child.stdin.end();
      };
      return { ...run, ended, hangUp };
    },
    call: (request, options) => bench.start(request, options).ended,
    direct: (...words) =>
      new Promise((resolve) => {
        const child = spawn("python3", ["-I", join(repository, "agent"), ...words], { env, detached: true });
        writeFileSync(join(docker, "front"), String(child.pid));
        let text = "";
        child.stdout.on("data", (piece: Buffer) => (text += piece.toString()));
        child.on("close", (status) => resolve({ status, text }));
      }),
    async plan(...lines) {
      await rm(join(docker, "go"), { force: true });
      await rm(join(docker, "held"), { force: true });
      await writeFile(join(docker, "plan"), lines.join("\n"));
    },
    calls: async () => (await readFile(join(docker, "calls"), "utf8").catch(() => "")).split("\n").filter(Boolean),
    images: async () =>
      JSON.parse(await readFile(join(docker, "images"), "utf8").catch(() => "{}")) as Record<string, string>,
    async addImage(name) {
      const id = `sha256:${Buffer.from(name).toString("hex")}`;
      await writeFile(join(docker, "images"), JSON.stringify({ ...(await bench.images()), [name]: id }));
    },
    async removeImages(which) {
      const others = Object.entries(await bench.images()).filter(([name]) => !which(name));
      await writeFile(join(docker, "images"), JSON.stringify(Object.fromEntries(others)));
    },
    async serving() {
      const text = await readFile(join(docker, "containers"), "utf8").catch(() => "{}");
      const found = JSON.parse(text) as Record<string, Record<string, never>>;
      const web = found["site"]?.["web"] as
        | { release: string; State: string; Image: string; image: string }
        | undefined;
      if (web === undefined) return undefined;
      const Image = web.Image.replace(/^landfall-kept\/(.*)-[0-9a-f]+$/, "$1");
      return { ...web, Image, release: web.release.split("/").at(-1) ?? "" };
    },
    current: async () => (await readlink(join(root, "current")).catch(() => undefined))?.split("/").at(-1),
    releases: async () => (await readdir(join(root, "releases")).catch(() => [])).sort(),
  };
  return bench;
}

/** A release of a site with one service; another `content` makes another release. */
function release(content: string, changes: object = {}, image = `web:${content}`): Record<string, unknown> {
  const compose = { services: { web: { image, restart: "always", environment: { PASSWORD: "${PASSWORD}" } } } };
  const file = (path: string, text: string, mode = "0644"): object => ({
    path,
    mode,
    owner: `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
    content: Buffer.from(text).toString("base64"),
  });
  return {
    application: "site",
    title: "Site",
    digest: createHash("sha256").update(content).digest("hex"),
    files: [
      file("compose.yaml", JSON.stringify(compose), "0600"),
      file("config/index.html", content),
      file("secrets/password", secret, "0400"),
    ],
    environment: { PASSWORD: secret, DATA: "/var/lib/torrust/data" },
    secrets: [secret],
    health: [],
    healthy_within: 6,
    data: [],
    backup: null,
    hooks: { before_switch: [], after_switch: [] },
    ...changes,
  };
}

export function deploy(content: string, changes: object = {}, image?: string): object {
  return { command: "deploy", release: release(content, changes, image) };
}

export async function succeed(outcome: Promise<AgentOutcome>): Promise<Record<string, unknown>> {
  const { answer, text } = await outcome;
  expect(answer, text).toBeDefined();
  return answer ?? {};
}

function parse(text: string): AgentLine[] {
  return text
    .split("\n")
    .flatMap((line) => (line.startsWith("{") && line.endsWith("}") ? [JSON.parse(line) as AgentLine] : []));
}
