import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failureOf, makeEngineBench, token, type EngineBench } from "../../test/support/engineBench.ts";
import { findTestEngine } from "../../test/support/findTestEngine.ts";
import { summarizePlan } from "./summarizePlan.ts";

const program = await findTestEngine();

describe.skipIf(program === undefined)("the real engine", () => {
  let bench: EngineBench;

  beforeEach(async () => {
    bench = await makeEngineBench(program ?? "");
  });
  afterEach(() => bench.remove());

  test("init, plan, show, apply, output, and no changes after that", async () => {
    const tofu = bench.engine();
    await tofu.init();
    expect(await tofu.plan({ out: bench.plan })).toEqual({ changes: true });
    const roles = { machine: [], disk: [], data: [], address: [], restart: [] };
    expect(summarizePlan(await tofu.showPlan(bench.plan), roles)).toMatchObject({
      impact: "create",
      counts: { create: 2, update: 0, replace: 0, delete: 0 },
    });
    await tofu.apply(bench.plan);
    expect(bench.events.filter(({ type }) => type === "resource.finished")).toHaveLength(2);
    expect(bench.events).toContainEqual(
      expect.objectContaining({ type: "resource.finished", address: "terraform_data.plain", id: expect.any(String) }),
    );
    expect(bench.events).toContainEqual({ type: "child.output", source: "terraform_data.work", line: "working" });
    expect(await tofu.output()).toMatchObject({
      name: { value: "a", sensitive: false },
      token: { value: token, sensitive: true },
    });
    expect(await tofu.plan({ out: bench.plan })).toEqual({ changes: false });
    expect(await tofu.stateList()).toEqual(["terraform_data.plain", "terraform_data.work"]);
    expect(await tofu.version()).toMatch(/^1\./);
  });

  test("destroy plan, refresh-only plan, changed outputs alone", async () => {
    await bench.applied();
    expect(await bench.engine().plan({ out: bench.plan, refreshOnly: true })).toEqual({ changes: false });
    const other = { TF_VAR_token: "another-token" };
    expect(await bench.engine(other).plan({ out: bench.plan })).toEqual({ changes: true });
    expect(await bench.engine().plan({ out: bench.plan, destroy: true })).toEqual({ changes: true });
    await bench.engine().apply(bench.plan);
    expect(await bench.engine().stateList()).toEqual([]);
    expect(await bench.engine().plan({ out: bench.plan, destroy: true })).toEqual({ changes: false });
  });

  test("a large number in an output keeps its digits", async () => {
    await bench.ports.files.write(
      join(bench.directory, "large.tf"),
      'output "large" { value = 1234567890123456789 }\n',
    );
    await bench.applied();
    expect((await bench.engine().output())["large"]?.value).toBe("1234567890123456789");
  });

  test("the description of a module needs no init; a broken one says where", async () => {
    const description = await bench.engine().moduleDescription(bench.directory);
    expect(Object.keys(description.root_module.variables ?? {})).toEqual(["name", "seconds", "token"]);
    expect(description.root_module.outputs?.["token"]?.sensitive).toBe(true);
    await bench.ports.files.write(join(bench.directory, "broken.tf"), "\n\nbroken {");
    const error = await failureOf(bench.engine().moduleDescription(bench.directory));
    expect(error.problems).toContainEqual(
      expect.objectContaining({
        where: expect.stringMatching(/broken\.tf:3$/),
        message: expect.stringContaining("broken"),
      }),
    );
  });

  test("a failed apply reports every error of the engine, and the same call goes on from there", async () => {
    await bench.engine().init();
    await bench.engine({ TF_VAR_name: "bad" }).plan({ out: bench.plan });
    const error = await failureOf(bench.engine({ TF_VAR_name: "bad" }).apply(bench.plan));
    expect(error).toMatchObject({ code: "engine.failed", exit: 1 });
    expect(error.problems[0]).toMatchObject({ where: `${bench.directory}/main.tf:10` });
    expect(bench.events).toContainEqual(
      expect.objectContaining({ type: "resource.failed", address: "terraform_data.work" }),
    );
    expect(await bench.engine().plan({ out: bench.plan })).toEqual({ changes: true });
    await bench.engine().untaint("terraform_data.work");
  });

  test("a stale plan, a damaged state and a held state each say what is wrong", async () => {
    await bench.applied();
    await bench.engine({ TF_VAR_name: "b" }).plan({ out: bench.plan });
    await bench.engine({ TF_VAR_name: "c" }).plan({ out: `${bench.plan}2` });
    await bench.engine({ TF_VAR_name: "c" }).apply(`${bench.plan}2`);
    expect(await failureOf(bench.engine().apply(bench.plan))).toMatchObject({ code: "engine.planStale" });

    const slow = { TF_VAR_name: "d", TF_VAR_seconds: "30" };
    await bench.engine(slow).plan({ out: bench.plan });
    bench.events.length = 0;
    const stop = new AbortController();
    const running = failureOf(bench.engine(slow, { interrupt: stop.signal }).apply(bench.plan));
    await bench.working();
    // The engine waits 20 s for a lock that another holds; this test only wants to see its complaint.
    const held = await bench.ports.processes.run({
      program: program ?? "",
      arguments: ["plan", "-json", "-input=false", "-lock-timeout=0s"],
      directory: bench.directory,
      environment: { PATH: process.env["PATH"] ?? "", TF_VAR_token: token },
    });
    expect(held.stdout).toContain("Error acquiring the state lock");
    stop.abort();
    expect(await running).toMatchObject({ code: "engine.interrupted" });

    const state = join(bench.directory, "terraform.tfstate");
    await bench.ports.files.write(state, ((await bench.ports.files.read(state)) ?? "").slice(0, 200));
    expect(await failureOf(bench.engine().plan({ out: bench.plan }))).toMatchObject({
      code: "engine.stateUnreadable",
      exit: 7,
    });
  });
});
