import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isSecretName } from "../src/configuration/isSecretName.ts";
import { generateKeyPair } from "../src/remote/generateKeyPair.ts";
import { realPorts } from "../src/system/realPorts.ts";
import { landfall } from "./support/landfall.ts";
import { repository } from "./support/makeTree.ts";

/** Every file in `fixtures/configurations` says what is broken and what Landfall says of it; its README has the form. */
const directory = join(import.meta.dirname, "fixtures", "configurations");
const cases = (await readdir(directory)).filter((name) => name.endsWith(".txt"));

test("there are enough of them", () => {
  expect(cases.length).toBeGreaterThanOrEqual(70);
});

test.each(cases)("%s", async (name) => {
  const file = join(directory, name);
  const original = await readFile(file, "utf8");
  const { sections, command, expected, told } = readCase(original);
  const { root, home } = await makeWorkspace(sections);
  const before = await contentOf(root);
  const [environment, argv] = splitCommand(command);
  const run = (...more: string[]) => landfall(root, [...argv, ...more], { HOME: home, ...environment });
  const show = (text: string) => text.replaceAll(home, "HOME").replaceAll(root, "ROOT");

  const { status, stdout, stderr } = await run();
  const said = show(stderr).replaceAll(/^\[ *[\d.]+s\] /gm, "");
  if (process.env["LANDFALL_REWRITE"]) await writeFile(file, `${told}exit ${status}\n${said}`);
  else expect(`exit ${status}\n${said}`).toBe(expected);
  expect(status === 0 || stdout === "").toBe(true);

  const { result, stdout: ndjson } = await run("--json");
  const error = result["error"] as { exit: number; problems: Record<string, unknown>[] } | undefined;
  expect(error?.exit ?? 0).toBe(status);
  for (const problem of error?.problems ?? []) {
    expect(problem).toMatchObject({ message: expect.any(String), where: expect.any(String), hint: expect.any(String) });
    const { file: place, line, where } = problem;
    if (place !== undefined) expect(`${String(place)}:${String(line)}`).toBe(where);
  }
  for (const secret of ["c4n4ry", ...secretsOf(sections, environment, argv)]) {
    expect(said + stdout + ndjson, "a secret is shown").not.toContain(secret);
  }
  expect(await contentOf(root)).toEqual(before);
});

interface Section {
  title: string;
  content: string;
}

function readCase(text: string): { sections: Section[]; command: string; expected: string; told: string } {
  const [, ...parts] = text.split(/^== /m);
  const all = parts.map((part) => {
    const end = part.indexOf("\n");
    return { title: part.slice(0, end), content: part.slice(end + 1) };
  });
  const last = all.pop();
  if (last === undefined || !/(^| )landfall /.test(last.title)) throw new Error("the case does not end with a command");
  const told = text.slice(0, text.length - last.content.length);
  // An empty line before the next section is there for the reader.
  const sections = all.map(({ title, content }) => ({ title, content: content.replace(/\n$/, "") }));
  return { sections, command: last.title, expected: last.content, told };
}

function splitCommand(command: string): [environment: Record<string, string>, argv: string[]] {
  const [before = "", after = ""] = command.split(/(?:^| )landfall /);
  const words = (text: string) =>
    [...text.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  const variables = words(before).map((word): [string, string] => {
    const [name = "", ...value] = word.split("=");
    return [name, value.join("=")];
  });
  return [Object.fromEntries(variables), words(after)];
}

async function makeWorkspace(sections: readonly Section[]): Promise<{ root: string; home: string }> {
  const root = await mkdtemp(join(tmpdir(), "landfall-broken-"));
  const home = await mkdtemp(join(tmpdir(), "landfall-home-"));
  onTestFinished(async () => {
    await rm(root, { recursive: true });
    await rm(home, { recursive: true });
  });
  const configuration = join(root, "infrastructure", "config");
  const place = (name: string) => {
    if (name.startsWith("home/")) return join(home, name.slice(5));
    return join(name.startsWith("application/") ? root : configuration, name);
  };
  await mkdir(join(configuration, "environments"), { recursive: true });
  await mkdir(join(configuration, "providers"));
  for (const provider of ["acme", "zephyr"]) {
    const folder = join("providers", provider);
    const copy = join(root, "infrastructure", "terraform", folder);
    await cp(join(repository, "test", "fixtures", folder), copy, { recursive: true });
  }
  if (!sections.some(({ title }) => title.includes("home/"))) {
    await mkdir(join(home, ".ssh"));
    await writeFile(join(home, ".ssh", "id_ed25519.pub"), "");
  }
  for (const { title, content } of sections) {
    const [word = "", name = "", more = ""] = title.split(" ");
    const path = place(word.includes("/") || word.includes(".") ? word : name);
    await mkdir(dirname(path), { recursive: true });
    if (word === "template") await cp(join(repository, "infrastructure", "config", name), path);
    else if (word === "directory") await mkdir(path, { recursive: true });
    else if (word === "link") await symlink(more, path);
    else if (word === "mode") await chmod(path, Number(more));
    else if (word === "key") await generateKeyPair(path, "a@b", realPorts());
    else await writeFile(path, name === "(escaped)" ? unescaped(content) : content, { mode: 0o600 });
  }
  return { root, home };
}

function unescaped(text: string): Buffer {
  const pieces = text.split(/(\\r|\\0|\\x[0-9A-F]{2})/).map((piece, index) => {
    if (index % 2 === 0) return Buffer.from(piece);
    return Buffer.from([piece === "\\r" ? 13 : piece === "\\0" ? 0 : Number.parseInt(piece.slice(2), 16)]);
  });
  return Buffer.concat(pieces);
}

/** Everything that a case assigns to a name that is secret. */
function secretsOf(
  sections: readonly Section[],
  environment: Record<string, string>,
  argv: readonly string[],
): string[] {
  const lines = [...sections.flatMap(({ content }) => content.split("\n")), ...argv];
  const assignments = [
    ...lines.map((line) => /^ *(?:export )?(\w+) *= *(.*?)(?:\\r)?$/.exec(line)?.slice(1) ?? []),
    ...Object.entries(environment),
  ];
  return assignments.flatMap(([key, value]) => {
    const text = value?.replace(/^(['"])(.*)\1.*$/, "$2") ?? "";
    const plain = key !== undefined && isSecretName(key) && text.length > 4 && !/^[@$]|REPLACE_WITH/.test(text);
    return plain ? [text] : [];
  });
}

async function contentOf(root: string): Promise<string[]> {
  return (await readdir(join(root, "infrastructure", "config"), { recursive: true })).sort();
}

const stateKey = "STATE_ENCRYPTION_KEY=Kx7Qp2Lw9Zt4Vb6N\n";
const sections = (text: string): Section[] => [
  { title: "environments/production.env", content: text },
  { title: "home/.ssh/id_ed25519.pub", content: "" },
];

test("what is only unfit for a server keeps nobody from looking", async () => {
  const { root, home } = await makeWorkspace(sections(`MYSQL_PASSWORD=changeme\n${stateKey}`));
  const run = (...argv: string[]) => landfall(root, [...argv, "production/acme", "--json"], { HOME: home });
  expect((await run("config", "check")).result).toMatchObject({ ok: false, error: { code: "configuration.invalid" } });
  expect((await run("plan")).result).toMatchObject({ ok: false, error: { code: "configuration.invalid" } });
  expect((await run("apply")).result).toMatchObject({ ok: false, error: { code: "configuration.invalid" } });
  expect((await run("config", "show")).result).toMatchObject({ ok: true });
  expect((await run("status")).result).toMatchObject({ ok: true });
});

test("a script gets the file and the line of each problem", async () => {
  const { root, home } = await makeWorkspace(sections(`ENVIRONMENT=production\nVM_MEMORY=4\n${stateKey}`));
  const argv = ["config", "check", "production/acme", "--set", "VM_VCPUS=0", "--json"];
  const { result } = await landfall(root, argv, { HOME: home });
  const file = "infrastructure/config/environments/production.env";
  const hint = expect.any(String);
  expect((result["error"] as { problems: unknown }).problems).toEqual([
    { where: `${file}:2`, file, line: 2, key: "VM_MEMORY", message: "VM_MEMORY is 4 MiB, less than 256", hint },
    { where: "--set VM_VCPUS", key: "VM_VCPUS", message: "VM_VCPUS is 0 processors, less than 1", hint },
  ]);
});

test("an environment can be checked and shown without a provider", async () => {
  const { root, home } = await makeWorkspace(sections(`VM_MEMORY=1024\nPROVIDER_ZEPHYR_TOKEN=whatever\n${stateKey}`));
  const checked = await landfall(root, ["config", "check", "production"], { HOME: home });
  expect(checked).toMatchObject({ status: 0, stdout: expect.stringContaining("config check production/PROVIDER") });
  const { result } = await landfall(root, ["config", "show", "production", "--json"], { HOME: home });
  expect(result).toMatchObject({ stack: "production", values: expect.arrayContaining([]) });
  expect(JSON.stringify(result)).not.toContain("ZEPHYR");
});

/** A fixture, and one on ports that the sample keeps to itself or uses otherwise. */
const ownApplications = {
  "static-site": await readFile(join(repository, "test/fixtures/applications/static-site/application.yaml"), "utf8"),
  metrics: "application: 1\nname: metrics\ntitle: Metrics\nopen_ports: [9090/tcp, 3306/tcp, 6969/tcp]\n",
};

test.each(Object.entries(ownApplications))(
  "the ports of an application of one's own are its own matter, what somebody writes is judged: %s",
  async (_name, manifest) => {
    const domain = "DOMAIN_NAME=tracker.acme-shop.net\nCERTBOT_EMAIL=admin@acme-shop.net\nENABLE_SSL=true\n";
    const application = { title: "application/application.yaml", content: manifest };
    const { root, home } = await makeWorkspace([...sections(`${domain}${stateKey}`), application]);
    const check = (...more: string[]) =>
      landfall(root, ["config", "check", "production/acme", ...more, "--json"], { HOME: home });
    expect((await check()).result).toMatchObject({ ok: true });
    expect((await check("--set", "OPEN_PORTS=6868/tcp")).result).toMatchObject({
      ok: false,
      error: { problems: [{ key: "OPEN_PORTS", where: "--set OPEN_PORTS", message: expect.stringContaining("6868") }] },
    });
    const opened = manifest.includes("9090");
    expect((await check("--set", "OPEN_PORTS=9090/tcp")).result).toMatchObject({ ok: opened });
  },
);
