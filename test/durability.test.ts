import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findTestEngine } from "./support/findTestEngine.ts";
import { landfall, userState, type Outcome } from "./support/landfall.ts";
import { makeTree, repository, type Tree } from "./support/makeTree.ts";
import { works } from "./support/works.ts";

const main = join(repository, "src", "main.ts");
const engine = await findTestEngine();
const traces = works("strace", "-V");
const mounts = works("unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=8m", "none", "/mnt");
for (const [tool, there] of Object.entries({ strace: traces, "unshare with mount": mounts, engine }))
  if (there === undefined || there === false) process.stderr.write(`SKIPPED: durability: no ${tool}\n`);

/** All other calls go on at their own speed: what carries the engine's output has only some seconds to end. */
const traced = ["-f", "-qq", "--seccomp-bpf"];

let tree: Tree;
let folder: string;
beforeEach(async () => {
  tree = await makeTree();
  folder = await tree.addProvider("acme");
  await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa"]);
});
afterEach(() => tree.remove());

const stack = (name: string): string => join(tree.root, "infrastructure/stacks/qa/acme", name);
const run = (argv: string[], environment = {}): Promise<Outcome> =>
  landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true", ...environment });
const good = async (...argv: string[]): Promise<void> => {
  const { result, stdout } = await run([...argv, "--yes"]);
  expect(result, stdout.slice(-3000)).toMatchObject({ ok: true });
};
const failure = async (...argv: string[]): Promise<unknown> => (await run([...argv, "--yes"])).result["error"];

/** The same in a process of its own, as an argument of `program`. */
function below(
  program: string,
  args: readonly string[],
  argv: readonly string[] = ["apply", "qa/acme", "--yes", "--verbose"],
): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    const environment = { ...process.env, LANDFALL_ROOT: tree.root, XDG_STATE_HOME: userState(tree.root) };
    const child = execFile(
      program,
      [...args, process.execPath, main, ...argv],
      { env: { ...environment, SKIP_WAIT: "true", NO_COLOR: "1" }, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout, stderr) => resolve({ status: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
}

describe.skipIf(!traces || engine === undefined)("on the disk", { timeout: 120_000 }, () => {
  test("journal and snapshot are on the disk before the engine begins, each put in its place as a whole", async () => {
    await good("apply", "qa/acme");
    const log = join(tree.root, "trace.log");
    const memory = join(folder, "main.tf");
    await writeFile(memory, `${await readFile(memory, "utf8")}\nresource "terraform_data" "more" {}\n`);
    const calls = "trace=rename,fsync,execve";
    expect(await below("strace", [...traced, "-y", "-s", "200", "-o", log, "-e", calls])).toMatchObject({
      status: 0,
    });
    const lines = (await readFile(log, "utf8")).split("\n");
    const begins = lines.findIndex((line) => /execve\("[^"]*tofu", \["[^"]*tofu", "apply"/.test(line));
    expect(begins).toBeGreaterThan(0);
    for (const directory of ["journal", "snapshots"]) {
      for (const place of ["infrastructure/stacks", ".user-state"]) {
        const inPlace = new RegExp(`${place}/.*/${directory}`);
        const of = (call: RegExp): number =>
          lines.findIndex((line, index) => index < begins && call.test(line) && inPlace.test(line));
        const [synced, named] = [of(/ fsync\(\d+<[^>]*\.tmp>/), of(/ rename\("[^"]*\.tmp", "[^"]*\.(json|tfstate)"\)/)];
        const after = lines.findIndex(
          (line, index) =>
            index > named && / fsync\(/.test(line) && line.includes(`/${directory}>`) && inPlace.test(line),
        );
        expect([synced > 0, named > synced, after > named, after < begins], `${directory} in ${place}`).toEqual([
          true,
          true,
          true,
          true,
        ]);
      }
    }
  });

  test("a state that can be saved nowhere is not shown; its private key is in no file but the state's", async () => {
    const files = ["terraform.tfstate", "errored.tfstate"].flatMap((name) => ["-P", stack(name)]);
    const log = join(tree.root, "trace.log");
    const failed = await below("strace", [
      ...traced,
      "-o",
      log,
      ...files,
      "-e",
      "trace=write",
      "-e",
      "inject=write:error=ENOSPC",
    ]);
    expect([failed.status, (await readFile(log, "utf8")).includes("INJECTED")], failed.output).toEqual([1, true]);
    expect(failed.output).toContain("no space left on device");
    for (const word of ["PRIVATE KEY", '"lineage"', 'lineage\\"']) expect(failed.output).not.toContain(word);
    let captured = false;
    for (const id of await readdir(stack("runs"))) {
      for (const name of await readdir(stack(`runs/${id}`))) {
        const file = stack(`runs/${id}/${name}`);
        const text = await readFile(file, "utf8");
        captured ||= text.includes('"lineage"');
        expect(text, name).not.toContain("PRIVATE KEY");
        expect((await stat(file)).mode & 0o077, name).toBe(0);
      }
    }
    expect(captured).toBe(true);
  });
});

describe.skipIf(engine === undefined)("files of a run", () => {
  test("what the engine writes is the owner's alone", async () => {
    const byHand = ["tofu", "qa/acme", "--", "plan", "-out=by-hand"];
    for (const argv of [undefined, byHand])
      expect(await below("sh", ["-c", 'umask 022; exec "$@"', "sh"], argv)).toMatchObject({ status: 0 });
    for (const name of ["terraform.tfstate", ".terraform", "runs", "by-hand"])
      expect((await stat(stack(name))).mode & 0o077, name).toBe(0);
  });

  test("what the engine writes while it runs holds no secret, killed or not", async () => {
    const manifest = join(folder, "provider.yaml");
    const token = "settings:\n  token: { description: A secret, secret: true, environment: ACME_TOKEN }";
    await writeFile(manifest, (await readFile(manifest, "utf8")).replace("settings:", token));
    await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa", "PROVIDER_ACME_TOKEN=a-token-of-some-length"]);
    const [seen, main] = [join(tree.root, "seen"), join(folder, "main.tf")];
    const script = `echo it is $ACME_TOKEN; sleep 1; cp ${stack("runs")}/*/engine.ndjson ${seen}`;
    const leak = `resource "terraform_data" "leak" {\n  provisioner "local-exec" { command = "${script}" }\n}\n`;
    await writeFile(main, `${await readFile(main, "utf8")}\n${leak}`);
    await good("apply", "qa/acme");
    const text = await readFile(seen, "utf8");
    expect(text).toContain("it is ***");
    expect(text).not.toContain("a-token-of-some-length");
  });

  test("no second copy: that is said, and the run goes on", async () => {
    const nowhere = join(tree.root, "nowhere");
    await writeFile(nowhere, "no directory");
    const { result, stdout } = await run(["apply", "qa/acme", "--yes"], { XDG_STATE_HOME: nowhere });
    expect(result).toMatchObject({ ok: true });
    expect(stdout).toContain('"code":"journal.oneCopy"');
  });
});

describe.skipIf(engine === undefined)("a state", () => {
  test("a state that does not follow from the one before leaves recovery due", async () => {
    await good("apply", "qa/acme");
    // As another program would that writes there too.
    const text = (await readFile(stack("terraform.tfstate"), "utf8")).replaceAll("\n", " ").replaceAll("'", "");
    const older = join(tree.root, "older.json");
    await writeFile(older, JSON.stringify({ ...JSON.parse(text), serial: 0 }));
    const wrapper = join(tree.root, "tofu");
    const script = `#!/bin/sh\n"${engine}" "$@"; status=$?\nif [ "$1" = apply ]; then cp ${older} terraform.tfstate; fi\nexit $status\n`;
    await writeFile(wrapper, script, { mode: 0o700 });
    const main = join(folder, "main.tf");
    await writeFile(main, `${await readFile(main, "utf8")}\nresource "terraform_data" "more" {}\n`);
    const failed = await run(["apply", "qa/acme", "--yes"], { LANDFALL_TOFU: wrapper });
    expect(failed.result).toMatchObject({ error: { code: "state.unreadable", exit: 7 } });
    expect((await run(["status", "qa/acme"])).result).toMatchObject({ recovery: { operation: "apply" } });
  });

  test("a state that is gone is not made anew where the provider cannot be searched", async () => {
    const manifest = join(folder, "provider.yaml");
    await writeFile(manifest, (await readFile(manifest, "utf8")).replace("local: true", 'local: "elsewhere"'));
    await good("apply", "qa/acme");
    await rm(stack("terraform.tfstate"));
    for (const verb of ["plan", "apply", "destroy"])
      expect(await failure(verb, "qa/acme")).toMatchObject({ code: "state.gone", exit: 7 });
  });

  test.each([
    ["502 Bad Gateway", true],
    ["http2: client connection lost", true],
    ["StatusCode: 503, RequestID: 1", true],
    ["422 unprocessable entity", false],
    ["memory has to be at least 512", false],
  ])("after %s something may exist, which cannot be searched for: %s", async (text, due) => {
    const manifest = join(folder, "provider.yaml");
    await writeFile(manifest, (await readFile(manifest, "utf8")).replace("local: true", 'local: "elsewhere"'));
    const main = join(folder, "main.tf");
    const failing = `provisioner "local-exec" { command = "echo '${text}'; exit 1" }`;
    await writeFile(main, `${await readFile(main, "utf8")}\nresource "terraform_data" "more" {\n  ${failing}\n}\n`);
    expect((await run(["apply", "qa/acme", "--yes"])).result).toMatchObject({ ok: false });
    const { result } = await run(["status", "qa/acme"]);
    if (due) expect(result).toMatchObject({ recovery: { operation: "apply" } });
    else expect(result).not.toHaveProperty("recovery");
  });

  test("nor where it is on this computer: it is put back, and nothing is touched before that", async () => {
    await good("apply", "qa/acme");
    await rm(stack("terraform.tfstate"));
    for (const verb of ["plan", "apply", "destroy"])
      expect(await failure(verb, "qa/acme")).toMatchObject({ code: "state.gone", exit: 7 });
    await good("state", "restore", "qa/acme");
    await good("destroy", "qa/acme");
  });

  test("another stack's state is refused, also after a run that was cut off", async () => {
    await good("apply", "qa/acme");
    const own = JSON.parse(await readFile(stack("terraform.tfstate"), "utf8")) as object;
    await writeFile(stack("terraform.tfstate"), JSON.stringify({ ...own, lineage: "of-another-stack" }));
    // As an apply does before its engine begins.
    await rm(stack("known.json"));
    for (const verb of ["plan", "apply", "destroy"])
      expect(await failure(verb, "qa/acme")).toMatchObject({ code: "state.swapped", exit: 7 });
  });

  test("a configuration that names another place for the state is refused", async () => {
    await good("apply", "qa/acme");
    await tree.environment("qa", [
      ...[
        "ENVIRONMENT=qa",
        "VM_NAME=qa",
        "STATE_BACKEND=http",
        "STATE_ADDRESS=http://127.0.0.1:9/{stack}",
        "STATE_ENCRYPTION_KEY=a-key-that-is-long-enough",
      ],
    ]);
    for (const verb of ["plan", "apply", "destroy"])
      expect(await failure(verb, "qa/acme")).toMatchObject({ code: "state.elsewhere", exit: 5 });
  });
});

test.skipIf(!mounts)("a disk with little room: nothing is begun", async () => {
  await mkdir(stack(""), { recursive: true });
  const script = `mount -t tmpfs -o size=8m none ${stack("")} && exec "$@"`;
  const refused = await below("unshare", ["-rm", "sh", "-c", script, "sh"]);
  expect([refused.status, refused.output]).toEqual([
    4,
    expect.stringMatching(/only \d+ MiB are free.*next: make room/s),
  ]);
  expect(await readdir(stack(""))).toEqual([]);
});

test("a directory that cannot be written is no bug, and said with the next step", async () => {
  // Nobody may make one there, not even root.
  await symlink("/sys/kernel", join(tree.root, "infrastructure/stacks"));
  expect(await failure("apply", "qa/acme")).toMatchObject({
    code: expect.stringMatching(/^system\./),
    hint: expect.stringContaining("run the same command again"),
  });
});
