import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failureOf, makeEngineBench, token, type EngineBench } from "../../test/support/engineBench.ts";
import { findTestEngine } from "../../test/support/findTestEngine.ts";
import { Secret } from "../configuration/Secret.ts";
import { createEngine } from "./createEngine.ts";

const program = await findTestEngine();

describe.skipIf(program === undefined)("a call of the real engine", () => {
  let bench: EngineBench;

  beforeEach(async () => {
    bench = await makeEngineBench(program ?? "");
  });
  afterEach(() => bench.remove());

  test("one interrupt: the engine saves its state, and nothing begins afterwards", async () => {
    await bench.engine().init();
    const slow = { TF_VAR_seconds: "30" };
    await bench.engine(slow).plan({ out: bench.plan });
    const stop = new AbortController();
    const eventsFile = join(bench.directory, "events.ndjson");
    const tofu = bench.engine(slow, { interrupt: stop.signal, eventsFile });
    const running = failureOf(tofu.apply(bench.plan));
    await bench.working();
    stop.abort();
    expect(await running).toMatchObject({ code: "engine.interrupted" });
    expect(JSON.parse((await bench.ports.files.read(join(bench.directory, "terraform.tfstate"))) ?? "")).toMatchObject({
      version: 4,
    });
    expect(await failureOf(tofu.plan({ out: bench.plan }))).toMatchObject({ code: "engine.interrupted" });
  });

  test("a call that falls silent is ended", async () => {
    await bench.ports.files.write(
      join(bench.directory, "main.tf"),
      'resource "terraform_data" "x" {\n  provisioner "local-exec" { command = "sleep 60" }\n}\n',
    );
    await bench.engine().init();
    await bench.engine().plan({ out: bench.plan });
    const error = await failureOf(bench.engine({}, { idleTimeoutMs: 1_000 }).apply(bench.plan));
    expect(error).toMatchObject({ code: "engine.stuck" });
    expect(error.message).toContain("1 s");
  });

  test("the raw events go to a file of the owner's only, appended, and the secret goes nowhere", async () => {
    await bench.ports.files.write(
      join(bench.directory, "leak.tf"),
      `resource "terraform_data" "leak" {
  provisioner "local-exec" { command = "printf '%s\\\\n' \\"$LEAK\\"; printf %s \\"$LEAK\\" | base64" }
}
`,
    );
    const eventsFile = join(bench.directory, "events.ndjson");
    const secret = new Secret(token);
    const tofu = createEngine(
      {
        program: program ?? "",
        directory: bench.directory,
        environment: { TF_VAR_token: secret, LEAK: secret },
        eventsFile,
      },
      bench.ports,
    );
    await tofu.init();
    await tofu.plan({ out: bench.plan });
    await tofu.apply(bench.plan);
    const text = (await bench.ports.files.read(eventsFile)) ?? "";
    const lines = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type?: string });
    expect(lines.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["planned_change", "apply_start", "apply_complete", "change_summary"]),
    );
    expect((await bench.ports.files.status(eventsFile))?.mode).toBe(0o600);
    expect((await bench.ports.files.status(bench.plan))?.mode).toBe(0o600);
    expect(bench.events).toContainEqual({ type: "child.output", source: "terraform_data.leak", line: "***" });
    const encoded = Buffer.from(token).toString("base64");
    for (const shown of [text, JSON.stringify(bench.events)]) {
      expect(shown).not.toContain(token);
      expect(shown).not.toContain(JSON.stringify(token).slice(1, -1));
      expect(shown).not.toContain(encoded);
    }
  });

  test("a word that is too short for the stream is taken out of the events, and of their file at the end", async () => {
    const command = `printf '%s\\\\n' $SHORT`;
    const module = `resource "terraform_data" "leak" {\n  provisioner "local-exec" { command = "${command}" }\n}\n`;
    await bench.ports.files.write(join(bench.directory, "leak.tf"), module);
    const eventsFile = join(bench.directory, "events.ndjson");
    const tofu = bench.engine({ SHORT: new Secret("q7Xz2w") }, { eventsFile });
    await tofu.init();
    await tofu.plan({ out: bench.plan });
    await tofu.apply(bench.plan);
    expect(bench.events).toContainEqual({ type: "child.output", source: "terraform_data.leak", line: "***" });
    const text = (await bench.ports.files.read(eventsFile)) ?? "";
    for (const shown of [text, JSON.stringify(bench.events)]) expect(shown).not.toContain("q7Xz2w");
    expect(text).toContain("***");
  });

  test("what it complains of in plain text shows no secret", async () => {
    const complaining = join(bench.directory, "complaining");
    const script = `#!/bin/sh\necho "Error: no $TF_VAR_token" >&2\nexit 1\n`;
    await bench.ports.files.write(complaining, script, 0o700);
    const error = await failureOf(bench.engine({}, { program: complaining }).stateList());
    expect(JSON.stringify(error.problems)).toContain("no ***");
    expect(JSON.stringify(error.problems)).not.toContain("hunter");
  });

  test("the engine outlives a reader that is gone: the event file is complete and the state is saved", async () => {
    await bench.applied();
    const slow = { TF_VAR_name: "b", TF_VAR_seconds: "2" };
    await bench.engine(slow).plan({ out: bench.plan });
    const eventsFile = join(bench.directory, "events.ndjson");
    const source = new URL("./createEngine.ts", import.meta.url).pathname;
    const system = new URL("../system/realPorts.ts", import.meta.url).pathname;
    const script = `
      const { createEngine } = await import(${JSON.stringify(source)});
      const { realPorts } = await import(${JSON.stringify(system)});
      const context = ${JSON.stringify({ program, directory: bench.directory, environment: { ...slow }, eventsFile })};
      context.environment.TF_VAR_token = process.env.TOKEN;
      const kill = (event) => { if (event.type === "resource.started") process.kill(process.pid, "SIGKILL"); };
      await createEngine(context, realPorts(kill)).apply(${JSON.stringify(bench.plan)});
    `;
    const outcome = await bench.ports.processes.run({
      program: process.execPath,
      arguments: ["--input-type=module", "-e", script],
      environment: { ...process.env, TOKEN: token },
    });
    expect(outcome.signal).toBe("SIGKILL");
    await expect
      .poll(async () => (await bench.ports.files.read(eventsFile))?.includes("Apply complete!"), { timeout: 15_000 })
      .toBe(true);
    await expect
      .poll(() => bench.engine(slow).plan({ out: bench.plan }), { timeout: 15_000 })
      .toEqual({ changes: false });
  });

  test("variables of the shell that steer the engine do not reach it", async () => {
    const machine = {
      ...bench.ports.machine,
      environment: { ...process.env, TF_CLI_ARGS_plan: "-destroy", TF_DATA_DIR: "/nowhere" },
    };
    const tofu = createEngine(
      { program: program ?? "", directory: bench.directory, environment: { TF_VAR_token: new Secret(token) } },
      { ...bench.ports, machine },
    );
    await tofu.init();
    expect(await tofu.plan({ out: bench.plan })).toEqual({ changes: true });
    await bench.ports.files.write(join(bench.directory, ".terraform.lock.hcl"), "");
    await tofu.init();
  });
});
