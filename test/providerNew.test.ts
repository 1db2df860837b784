import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CheckReport } from "../src/operations/check/checkProvider.ts";
import type { Rehearsal } from "../src/rehearsal/Rehearsal.ts";
import { canary } from "./support/canary.ts";
import { landfall, type Outcome } from "./support/landfall.ts";
import { simulate } from "./support/simulate.ts";
import { makeTree, repository, type Tree } from "./support/makeTree.ts";

const providers = "infrastructure/terraform/providers";
const configuration = "infrastructure/config/providers";
let tree: Tree;
beforeEach(async () => {
  tree = await makeTree();
});
afterEach(() => tree.remove());

const run = (...argv: string[]): Promise<Outcome> => landfall(tree.root, argv);
const at = (...parts: string[]): string => join(tree.root, ...parts);
const listing = async (): Promise<string[]> => (await readdir(tree.root, { recursive: true })).sort();
const problems = ({ result }: Outcome): string[] =>
  (result["error"] as { problems: { message: string }[] }).problems.map(({ message }) => message);

async function check(subject: string, level: string): Promise<{ report: CheckReport; status: number; not: string[] }> {
  const { result, status } = await run("provider", "check", subject, "--level", level, "--json");
  const report = result as unknown as CheckReport;
  const not = report.verdicts.filter(({ verdict }) => verdict === "failed" || verdict === "warning");
  return { report, status, not: not.map(({ id }) => id) };
}

describe("a provider in the tree", () => {
  test("keeps the contract at level plan as it is, without a warning, with its template", async () => {
    const { status, stdout, stderr } = await run("provider", "new", "acme-north");
    expect(status, stderr).toBe(0);
    expect(stdout).toContain("landfall provider check acme-north --level plan");
    const checked = await check("acme-north", "plan");
    expect([checked.status, checked.not]).toEqual([0, []]);
    const untested = checked.report.verdicts.filter(({ verdict }) => verdict === "untested").map(({ id }) => id);
    expect(untested.filter((id) => /^(plan|template|code|rehearsal|readme)\./.test(id))).toEqual([
      "code.actions",
      "plan.dataDisk",
      "plan.address",
    ]);
  });

  test("has its own name everywhere, and files that everybody may read", async () => {
    const { result } = await run("provider", "new", "acme-north", "--json");
    const { folder, files, template } = result as { folder: string; files: string[]; template: string };
    expect([folder, template]).toEqual([`${providers}/acme-north`, `${configuration}/acme-north.env.tpl`]);
    for (const path of [...files.map((file) => `${folder}/${file}`), template]) {
      expect(await readFile(at(path), "utf8"), path).not.toMatch(/new.?cloud/i);
      expect((await stat(at(path))).mode & 0o777, path).toBe(0o644);
    }
    expect((await stat(at(folder))).mode & 0o777).toBe(0o755);
    expect(await readFile(at(folder, "provider.yaml"), "utf8")).toMatch(
      /title: Acme North\n[\s\S]*: ACME_NORTH_TOKEN\n/,
    );
  });

  test("is rehearsed as far as it goes: what is broken says what the author has to write", async () => {
    await run("provider", "new", "acme-north");
    const { not, report } = await check("acme-north", "rehearsal");
    expect(not).toEqual(["rehearsal.outputs", "rehearsal.oneServer", "rehearsal.running", "rehearsal.orphans"]);
    const kept = report.verdicts.filter(({ verdict }) => verdict === "passed").map(({ id }) => id);
    expect(kept).toEqual(
      expect.arrayContaining(["simulation.unsupported", "simulation.credentials", "rehearsal.apply"]),
    );
  });

  test("can be configured from its template, and planned in a rehearsal", async () => {
    await run("provider", "new", "acme-north");
    const token = `PROVIDER_ACME_NORTH_TOKEN=${canary("a token", 32)}`;
    const configured = await run("configure", "development", "--provider", "acme-north", "--set", token);
    expect(configured.status, configured.stderr).toBe(0);
    const shown = await run("config", "show", "development/acme-north", "--json");
    expect(shown.stdout).toContain("PROVIDER_ACME_NORTH_REGION");
    expect(shown.status, shown.stderr).toBe(0);
  });
});

test("its simulation makes, finds and removes a server", async () => {
  await run("provider", "new", "acme-north");
  const file = at(providers, "acme-north", "rehearsal.ts");
  const { default: rehearsal } = (await import(file)) as { default: Rehearsal };
  const items = new Map<number, { id: number }>();
  const simulation = await rehearsal.simulate({
    number: () => 17,
    machines: { create: async () => ({ ipv4: "192.0.2.17", ipv6: "2001:db8::17" }), remove: async () => undefined },
    collection: () => ({
      all: () => [...items.values()],
      get: (id: number) => items.get(id),
      put: (item: { id: number }) => (items.set(item.id, item), item),
      remove: (id: number) => items.delete(id),
    }),
  } as never);
  const call = async (method: string, path: string, params = {}, body?: object, query = "") => {
    const route = simulation.routes.find((candidate) => candidate.method === method && candidate.path === path);
    return route?.handle({ params, body, query: new URLSearchParams(query) } as never);
  };
  const one = "/v1/servers/:id";
  const labels = { stack: "production_acme-north" };
  expect(await call("POST", "/v1/servers", {}, { name: "box", labels })).toMatchObject({ status: 201 });
  const found = { servers: [{ id: 17, name: "box", status: "running", address: "192.0.2.17" }] };
  expect(await call("GET", "/v1/servers", {}, undefined, "stack=production_acme-north")).toMatchObject({ body: found });
  expect(await call("GET", "/v1/servers", {}, undefined, "stack=another")).toMatchObject({ body: { servers: [] } });
  expect(await call("GET", one, { id: "17" })).toMatchObject({ status: 200, body: { server: { id: 17 } } });
  expect(await call("DELETE", one, { id: "17" })).toMatchObject({ status: 204 });
  expect(await call("DELETE", one, { id: "17" })).toMatchObject({ status: 404 });
  expect(await simulation.resources()).toEqual([]);
});

test("its simulation says how other programs call it, and takes the sample credentials that it says", async () => {
  await run("provider", "new", "acme-north");
  const { origin, stop } = await simulate(tree.root, "acme-north");
  const said = await fetch(`${origin}/v1/servers?stack=none`);
  expect(said.status).toBe(401);
  const text = await stop();
  const token = /clients +ACME_NORTH_ENDPOINT=http:\S+\/v1 ACME_NORTH_TOKEN=(\w{32})$/m.exec(text)?.[1];
  expect(token, text).toBeDefined();
  const again = await simulate(tree.root, "acme-north");
  const headers = { authorization: `Bearer ${token}` };
  expect((await fetch(`${again.origin}/v1/servers?stack=none`, { headers })).status).toBe(200);
  await again.stop();
});

describe("a folder elsewhere", () => {
  test("keeps the contract at level plan, and is used after it was accepted", async () => {
    const parent = at("other people's");
    await mkdir(parent);
    const { result, status, stdout } = await run("provider", "new", "acme", "--in", parent, "--json");
    expect(status, stdout).toBe(0);
    expect(result).toMatchObject({ folder: join(parent, "acme"), subject: `'${parent.replace("'", `'\\''`)}/acme'` });
    const template = join(parent, "acme", "acme.env.tpl");
    expect(result).toMatchObject({ template, files: expect.arrayContaining(["acme.env.tpl"]) });
    expect(await readdir(at(configuration))).not.toContain("acme.env.tpl");
    const checked = await check(join(parent, "acme"), "plan");
    expect([checked.status, checked.not]).toEqual([0, []]);
    const kept = checked.report.verdicts.filter(({ verdict }) => verdict === "passed").map(({ id }) => id);
    expect(kept).toEqual(expect.arrayContaining(["template.parses", "template.keys", "template.complete"]));
    const environment = { LANDFALL_PROVIDERS_PATH: parent, XDG_STATE_HOME: at("known") };
    const accepted = await landfall(tree.root, ["provider", "accept", "acme", "--yes"], environment);
    expect(accepted.status, accepted.stderr).toBe(0);
    const again = await landfall(tree.root, ["provider", "new", "acme", "--json"], environment);
    expect(problems(again)).toEqual([`there is a provider acme already: ${join(parent, "acme")}`]);
    await writeFile(template, "# From the folder.\nPROVIDER_ACME_TOKEN=REPLACE_WITH_YOUR_TOKEN\n");
    const token = `PROVIDER_ACME_TOKEN=${canary("a token", 32)}`;
    await landfall(tree.root, ["configure", "development", "--provider", "acme", "--set", token], environment);
    expect(await readFile(at(configuration, "acme.env"), "utf8")).toMatch(
      /^# From the folder\.\nPROVIDER_ACME_TOKEN=\w{32}\n/,
    );
  });

  test("its types are checked as docs/providers/adding.md says", async () => {
    await run("provider", "new", "acme", "--in", tree.root);
    await symlink(repository, at("landfall"));
    const page = await readFile(join(repository, "docs", "providers", "adding.md"), "utf8");
    const [, listing = ""] = /```json tsconfig\.json\n([\s\S]*?)```/.exec(page) ?? [];
    await mkdir(at("own"));
    await writeFile(at("own", "tsconfig.json"), listing);
    await rename(at("acme"), at("own", "acme"));
    const program = join(repository, "node_modules/.bin/tsc");
    const tsc = () => promisify(execFile)(program, ["-p", at("own")]);
    await tsc();
    const code = at("own", "acme", "provider.ts");
    await writeFile(code, (await readFile(code, "utf8")).replace("context.host.request", "context.host.ask"));
    await expect(tsc()).rejects.toMatchObject({ stdout: expect.stringContaining("Property 'ask' does not exist") });
  });

  test("a mistake in its simulation is told with the file that was given, not with the copy that was checked", async () => {
    await run("provider", "new", "acme", "--in", tree.root);
    const code = at("acme", "rehearsal.ts");
    await writeFile(
      code,
      (await readFile(code, "utf8")).replace("servers: () =>", "servers: () => (undefined as any).x ??"),
    );
    const argv = ["provider", "check", at("acme"), "--rule", "rehearsal.oneServer", "--level", "rehearsal"];
    const { stdout } = await landfall(tree.root, [...argv, "--json"]);
    expect(stdout).toContain(`"where":"${code}:`);
    expect(stdout).not.toContain("landfall-check-");
  });

  test("in the folder of the tree's providers it is one of the tree", async () => {
    const { result } = await run("provider", "new", "acme", "--in", at(providers), "--json");
    expect(result).toMatchObject({ folder: `${providers}/acme`, template: `${configuration}/acme.env.tpl` });
  });
});

describe("what cannot be made is refused with every reason, and nothing is left", () => {
  const refused = async (...argv: string[]): Promise<string[]> => {
    const before = await listing();
    const outcome = await run("provider", "new", ...argv, "--json");
    expect(outcome.result).toMatchObject({ ok: false, error: { code: "provider.new", exit: 3 } });
    expect([outcome.status, await listing()]).toEqual([3, before]);
    return problems(outcome);
  };

  test("a name that is none, in a folder that is none", async () => {
    expect(await refused("Acme_1", "--in", at("nowhere"))).toEqual([
      `there is no folder ${at("nowhere")}`,
      '"Acme_1" cannot be the name of a provider',
    ]);
    for (const name of ["../acme", "1acme", "a".repeat(32), ""]) expect(await refused(name)).toHaveLength(1);
  });

  test("a folder and a template that are there, and a namesake elsewhere", async () => {
    await mkdir(at(providers, "acme"));
    await writeFile(at(configuration, "acme.env.tpl"), "");
    await writeFile(at(configuration, "acme.env"), "", { mode: 0o600 });
    expect(await refused("acme")).toEqual([
      `${at(providers, "acme")} is there already`,
      `${at(configuration, "acme.env.tpl")} is there already`,
      `${at(configuration, "acme.env")} is there already`,
    ]);
    expect(await refused("acme", "--in", tree.root)).toEqual([
      expect.stringContaining("there is a provider acme already"),
    ]);
  });

  test("a name that the record knows: the new folder would count as somebody else's", async () => {
    const record = { source: "/elsewhere/acme", hash: "sha256:00", files: {} };
    const lock = JSON.stringify({ version: 1, providers: { acme: record } });
    await writeFile(at("infrastructure/terraform/providers.lock.json"), lock);
    expect(await refused("acme")).toEqual([expect.stringContaining("as added from /elsewhere/acme")]);
  });

  test("a name whose variables steer programs", async () => {
    for (const name of ["node", "ld", "tf"]) {
      expect(await refused(name)).toEqual([expect.stringContaining("which steers programs")]);
    }
  });

  test("a template that cannot be written takes its folder with it", async () => {
    await rm(at(configuration), { recursive: true });
    await writeFile(at(configuration), "a file in the place of the folder");
    const before = await listing();
    const outcome = await run("provider", "new", "acme");
    expect(outcome.status).not.toBe(0);
    expect(await listing()).toEqual(before);
  });
});
