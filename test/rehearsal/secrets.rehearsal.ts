import { execFileSync, spawn } from "node:child_process";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseEnvFile } from "../../src/configuration/parseEnvFile.ts";
import { canary, findSecret, marker } from "../support/canary.ts";
import { everyCloud } from "../support/cloudsOf.ts";
import { findEncryption } from "../support/findEncryption.ts";
import { findTestEngine } from "../support/findTestEngine.ts";
import { landfall } from "../support/landfall.ts";
import { leaks } from "../support/leaks.ts";
import { makeTree, repository, type Tree } from "../support/makeTree.ts";
import { readableByOthers } from "../support/readableByOthers.ts";
import { simulate } from "../support/simulate.ts";
import { startStateServer, type StateServer } from "../support/stateServer.ts";
import { works } from "../support/works.ts";
import { traced, type Traced, type TraceOptions } from "../support/traced.ts";

const engine = await findTestEngine();
const { age } = await findEncryption();
const strace = works("strace", "-qq", "true");
if (!strace) process.stderr.write("SKIPPED: no strace for the tests of secrets: apt-get install strace\n");

/** Every kind of secret, every way in, every command; each process that is started and each write is looked at. */
describe.skipIf(engine === undefined || !strace)("no secret is seen", () => {
  let tree: Tree;
  let server: StateServer;
  /** Generated ones are added when they exist. */
  const secrets = [marker];
  const token = canary("the token of acme");
  const statePassword = `p&"<${canary("the password of the state")}`;
  const configuration = (...path: string[]): string => join(tree.root, "infrastructure/config", ...path);
  const environment = (name: string): string => configuration("environments", name);
  const holders = new Set<string>();
  const loud = { VERBOSE: "true", TF_LOG: "trace" };
  let started: number;

  beforeAll(async () => {
    tree = await makeTree();
    server = await startStateServer("team", statePassword);
    const folder = await tree.addProvider("acme");
    const manifest = join(folder, "provider.yaml");
    const setting = "  token: { description: Token, secret: true, required: true, environment: ACME_TOKEN }\n";
    await writeFile(manifest, (await readFile(manifest, "utf8")).replace("settings:\n", `settings:\n${setting}`));
    await appendFile(join(folder, "main.tf"), machine);
    // The files of a clone are everybody's; what Landfall makes is younger than they are.
    started = Date.now();
  });
  afterAll(async () => {
    await server.close();
    await tree.remove();
  });

  async function run(argv: string, options: Partial<TraceOptions> = {}): Promise<Traced> {
    const bin = join(tree.root, "bin");
    const { environment: more, ...others } = options;
    const outcome = await traced(argv.split(" "), {
      root: tree.root,
      secrets,
      environment: {
        PATH: `${bin}:${process.env["PATH"] ?? ""}`,
        SKIP_WAIT: "true",
        LANDFALL_TOFU: engine ?? "",
        ...more,
      },
      ...others,
    });
    expect(outcome.leaks).toEqual([]);
    expect(outcome.processes).toBeGreaterThan(0);
    // What the user puts into the environment of the command, all that it starts can see.
    if (findSecret(JSON.stringify(more ?? {})) === undefined) for (const holder of outcome.holders) holders.add(holder);
    expect(leaks(tree.root, { secrets })).toEqual([]);
    expect(readableByOthers(tree.root, started)).toEqual([]);
    return outcome;
  }
  async function done(argv: string, options: Partial<TraceOptions> = {}): Promise<Traced> {
    const outcome = await run(argv, options);
    expect(outcome.status, outcome.stdout + outcome.stderr).toBe(0);
    return outcome;
  }
  const secretFile = (name: string, text: string) =>
    writeFile(join(tree.root, `${name}.secret`), `${text}\n`, { mode: 0o600 });

  test("configure: generated, from a file, from standard input", async () => {
    await secretFile("token", token);
    await secretFile("mysql", canary("the database's password", 40));
    const personal = "--set DOMAIN_NAME=t.torrust.dev --set CERTBOT_EMAIL=a@torrust.dev --set ENABLE_SSL=true";
    await done(
      `configure staging --provider acme ${personal} --set MYSQL_PASSWORD=@${tree.root}/mysql.secret --set TRACKER_ADMIN_TOKEN=-`,
      { input: canary("the tracker's token", 40) },
    );
    const { entries } = parseEnvFile(await readFile(environment("staging.env"), "utf8"), "staging.env");
    const generated = entries.flatMap(({ key, parts }) =>
      key.endsWith("_PASSWORD") ? (parts ?? []).flatMap((part) => (part.kind === "text" ? [part.text] : [])) : [],
    );
    expect(generated.length).toBeGreaterThan(2);
    secrets.push(...generated);
    await done("configure staging --dry-run --set GF_SECURITY_ADMIN_PASSWORD=-", { input: canary("another", 40) });
  });

  test.skipIf(!works("script", "--version"))("configure: typed at a terminal", async () => {
    const main = join(repository, "src/main.ts");
    const child = spawn(
      "script",
      ["-qefc", `'${process.execPath}' '${main}' configure staging --provider acme`, "/dev/null"],
      { env: { PATH: process.env["PATH"], HOME: tree.root, LANDFALL_ROOT: tree.root, TERM: "dumb" } },
    );
    let shown = "";
    child.stdout.on("data", (piece: Buffer) => {
      shown += piece.toString();
      if (child.stdin.writable && /ACME_TOKEN[^]*$/.test(shown) && shown.trimEnd().endsWith(":")) {
        child.stdin.end(`${token}\r`);
      }
    });
    const status = await new Promise((resolve) => child.once("close", resolve));
    expect(status, shown).toBe(0);
    expect(await readFile(configuration("providers/acme.env"), "utf8")).toContain(token);
    expect(shown).not.toContain(marker);
    expect(leaks(tree.root, { secrets })).toEqual([]);
  });

  test("config show and check, and errors that quote a value", async () => {
    await done("config check staging/acme --verbose");
    await done("config show staging/acme --json");
    const { stdout } = await done("config show staging/acme", { environment: { VERBOSE: "true", TF_LOG: "trace" } });
    expect(stdout).toMatch(/MYSQL_PASSWORD +\*\*\*/);
    await secretFile("wrong", canary("a wrong value"));
    const wrong = `--set VM_MEMORY=\${MYSQL_PASSWORD} --set PROVIDER_ACME_MOTTO=$MYSQL_PASSWORD --set STATE_ENCRYPTION_KEY=short`;
    for (const json of ["", " --json"]) expect((await run(`apply staging/acme --yes ${wrong}${json}`)).status).toBe(3);
    const elsewhere = `--set OPEN_PORTS=@${tree.root}/wrong.secret --set MYSQL_PASSWORD=@${tree.root}/nowhere.secret`;
    expect((await run(`plan staging/acme ${elsewhere}`)).status).toBe(3);
  });

  test("a stack is made, changed and removed, its state shared and encrypted, its secrets kept elsewhere", async () => {
    await rm(configuration("providers/acme.env"));
    const pass = join(tree.root, "bin/pass");
    await mkdir(join(tree.root, "bin"));
    await writeFile(pass, `#!/bin/sh\ncat '${tree.root}/token.secret'\n`, { mode: 0o700 });
    await secretFile("state", statePassword);
    const key = canary("the key of the state");
    await tree.environment("qa", [
      "ENVIRONMENT=qa",
      "VM_NAME=qa",
      `STATE_ENCRYPTION_KEY=${key}`,
      "PROVIDER_ACME_TOKEN=${secret:command:pass show acme}",
      "MYSQL_PASSWORD=${secret:file:mysql.secret}",
      "DATABASE_URL=mysql://u:${MYSQL_PASSWORD}@db",
    ]);
    await writeFile(
      configuration("state.env"),
      `STATE_BACKEND=http\nSTATE_ADDRESS=${server.origin}/{stack}\nSTATE_USERNAME=team\nSTATE_PASSWORD=\${secret:file:state.secret}\n`,
      { mode: 0o600 },
    );
    const applied = await done("apply qa/acme --yes");
    expect(applied.holders).toContain("tofu");
    expect([...server.states.values()].join("")).toContain("encrypted_data");
    await done("plan qa/acme --json --set VM_MEMORY=2000");
    await done("tofu qa/acme -- plan -no-color");
    await done("output qa/acme --json");
    await done("status qa/acme --verbose");
    expect((await run("ssh qa/acme -- true")).status).not.toBe(0);
    await done("state rotate qa --yes --json");
    await done("refresh qa/acme", { environment: { VERBOSE: "true" } });

    const failed = await run("apply qa/acme --yes --set PROVIDER_ACME_MOTTO=fail");
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain("the plugin says: ***");
    const json = await run("apply qa/acme --yes --json --set PROVIDER_ACME_MOTTO=fail", {
      environment: { ...loud, TF_TOKEN_registry_example: canary("a token that no file mentions") },
    });
    expect(json.stdout).toContain("[TRACE]");
    expect(json.stdout).toContain("the plugin says: ***");

    const interrupted = await run("apply qa/acme --yes --set PROVIDER_ACME_MOTTO=slow --verbose", {
      interruptAt: "the plugin waits with ***",
    });
    expect(interrupted.status).not.toBe(0);
    await writeFile(join(tree.root, "state.secret"), canary("a wrong password of the state"), { mode: 0o600 });
    expect((await run("plan qa/acme")).status).toBe(1);
    await secretFile("state", statePassword);
    await done("destroy qa/acme --yes");
  });

  test("a rehearsal, and a token from the environment of the command", async () => {
    const given = { PROVIDER_ACME_TOKEN: token, VERBOSE: "true", TF_LOG: "trace" };
    await rm(configuration("state.env"));
    await done("plan qa/acme --rehearsal --yes --json", { environment: given });
    await done("plan staging/acme", { environment: given });
  });

  test("what a genuine plugin traces of a call to its cloud", async () => {
    const prepared = await landfall(tree.root, ["setup", "hetzner", "--yes", "--json"], {});
    expect(prepared.result, prepared.stdout.slice(-3000)).toMatchObject({ ok: true });
    // Nobody is there: the plugin says what it would have sent.
    const nowhere = { HTTPS_PROXY: `http://me:${canary("the password of the proxy")}@127.0.0.1:9` };
    const given = { PROVIDER_HETZNER_TOKEN: canary("the token of a cloud", 64) };
    const { stdout } = await landfall(tree.root, ["plan", "staging/hetzner", "--json"], {
      ...nowhere,
      ...loud,
      ...given,
    });
    expect(stdout).toMatch(/\[TRACE\][^]*Authorization: (REDACTED|Bearer \*\*\*)[^]*connection refused/);
    expect(leaks(tree.root, { secrets })).toEqual([]);
  });

  test.each(everyCloud)("what the plugin of %s traces in a rehearsal", async (provider) => {
    const simulation = await simulate(tree.root, provider);
    const { status, stdout } = await landfall(
      tree.root,
      ["plan", `production/${provider}`, "--rehearsal", "--yes", "--json"],
      loud,
    );
    await simulation.stop();
    expect(status, stdout.slice(-3000)).toBe(0);
    expect(stdout.includes("[TRACE]")).toBe(true);
    const sent = [...stdout.matchAll(/(?:Bearer|Authorization:) +(\S+)(?: (\S+))?/g)].map(([header]) => header);
    for (const header of sent) expect(header).toMatch(/\*\*\*|REDACTED|AWS4-HMAC/);
  });

  test.skipIf(!age)("an encrypted file", async () => {
    const identity = join(tree.root, "identity.txt");
    execFileSync("age-keygen", ["-o", identity], { stdio: "ignore" });
    const recipient = execFileSync("age-keygen", ["-y", identity], { encoding: "utf8" }).trim();
    const text = `ENVIRONMENT=sealed\nPROVIDER_ACME_TOKEN=${canary("a token in an encrypted file")}\n`;
    execFileSync("age", ["-r", recipient, "-o", environment("sealed.env.age")], { input: text });
    const own = { LANDFALL_AGE_IDENTITY: identity };
    await done("apply sealed/acme --yes --verbose", { environment: own });
    await done("destroy sealed/acme --yes --json", { environment: own });
  });

  test("only the engine, what carries its output, and what its module starts had one in their environment", () => {
    expect([...holders].toSorted()).toEqual(["base64", "bash", "cat", "sed", "sh", "sleep", "tee", "tofu"]);
  });
});

/** What a plugin may do with its credentials at worst: it prints them. */
const machine = `
resource "terraform_data" "careless" {
  triggers_replace = [var.settings.motto]
  provisioner "local-exec" {
    command = <<-EOT
      case "$MOTTO" in
        slow) echo "the plugin waits with $ACME_TOKEN"; sleep 20;;
        fail) echo "the plugin says: $ACME_TOKEN"; printf %s "x$ACME_TOKEN" | base64 >&2; echo "$TF_TOKEN_registry_example"; exit 1;;
      esac
    EOT
    environment = { MOTTO = var.settings.motto }
  }
}
`;
