import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeRecoveryBench, type RecoveryBench, type Thing } from "../support/recoveryBench.ts";

const provider = "hetzner";
const disk = ["--set", "DATA_DISK_SIZE=10"];

let bench: RecoveryBench;
beforeEach(async () => {
  bench = await makeRecoveryBench(provider);
});
afterEach(() => bench.remove());

const some = (kind: string) => async (): Promise<boolean> => (await bench.things(kind)).length > 0;
const settled = async (...more: string[]): Promise<void> =>
  expect(await bench.good("plan", ...more)).toMatchObject({ changes: false });
/** Killed while a disk is being added to a finished stack: it exists, and no state knows it. */
async function killedWhileAdding(): Promise<Thing> {
  await bench.good("apply");
  // As where the machine was waited for: what is known of it stays then.
  const known = bench.path("known.json");
  await writeFile(
    known,
    JSON.stringify({ ...JSON.parse(await readFile(known, "utf8")), ready: "2026-11-24T00:00:00Z" }),
  );
  const [server] = await bench.things("server");
  expect(await bench.cut(["apply", ...disk], some("volume"))).toBe(false);
  if (server === undefined) throw new Error("there is no server");
  return server;
}

describe("killed while a disk is added to a finished stack", () => {
  test("the same apply ends with one disk and the same server", async () => {
    const server = await killedWhileAdding();
    const status = await bench.run(["status"]);
    expect(status.result).toMatchObject({ ok: true, recovery: { operation: "apply" } });
    const refused = await bench.run(["refresh", "--yes"]);
    expect(refused.result).toMatchObject({ error: { code: "recovery.due", exit: 7 } });
    const output = await bench.run(["output"]);
    expect([output.status, output.stdout]).toEqual([0, expect.stringContaining("landfall recover production/")]);

    await bench.good("apply", ...disk);
    expect(await bench.things("volume")).toHaveLength(1);
    expect(await bench.things("server")).toEqual([server]);
    await settled(...disk);
    expect((await bench.run(["status"])).result).not.toHaveProperty("recovery");
    expect((await bench.run(["runs"])).result).toMatchObject({
      runs: expect.arrayContaining([expect.objectContaining({ operation: "apply", outcome: "cut off" })]),
    });
  });

  test("an apply without the disk stops with the list, and recover removes what the journal says was ours", async () => {
    const server = await killedWhileAdding();
    const stopped = await bench.run(["apply", "--yes"]);
    expect(stopped.result).toMatchObject({ error: { code: "recovery.undecided", exit: 7 } });
    expect(stopped.stdout).toContain("volume torrust-tracker-production-data");
    expect(await bench.things("volume")).toHaveLength(1);
    const recovered = await bench.good("recover");
    expect(recovered).toMatchObject({
      changes: false,
      removed: [expect.objectContaining({ address: "hcloud_volume.data[0]" })],
    });
    expect(await bench.things("volume")).toEqual([]);
    expect(await bench.things("server")).toEqual([server]);
    await settled();
  });

  test("a state that is cut off is put back, and what was made after it is imported", async () => {
    const server = await killedWhileAdding();
    const state = bench.path("terraform.tfstate");
    const whole = await readFile(state, "utf8");
    await writeFile(state, whole.slice(0, whole.length / 2));
    const stopped = await bench.run(["apply", "--yes", ...disk]);
    expect(stopped.result).toMatchObject({
      error: { exit: 7, hint: expect.stringContaining("landfall recover production/") },
    });
    const recovered = await bench.good("recover", ...disk);
    expect(recovered).toMatchObject({
      state: { from: expect.stringContaining("snapshots") },
      adopted: expect.arrayContaining([expect.objectContaining({ address: "hcloud_volume.data[0]" })]),
    });
    if (recovered["changes"] === true) await bench.good("apply", ...disk);
    expect(await bench.things("server")).toEqual([server]);
    expect(await bench.things("volume")).toHaveLength(1);
    await settled(...disk);
  });
});

test("what an interrupt tainted is kept where the machine is sound", async () => {
  expect(await bench.cut(["apply"], some("server"), "SIGINT")).toBe(false);
  const state = await readFile(bench.path("terraform.tfstate"), "utf8");
  expect(state).toContain('"status": "tainted"');
  const [server] = await bench.things("server");
  expect(await bench.good("recover")).toMatchObject({ untainted: ["hcloud_server.vm"], changes: false });
  expect(await bench.things("server")).toEqual([server]);
  await settled();
});

test("a stack whose directory is lost is found again, and not made twice", async () => {
  await bench.good("apply");
  // The key that was made for it is lost too.
  const kept = async (): Promise<Thing[]> => (await bench.things()).filter(({ kind }) => kind !== "sshKey");
  const before = await kept();
  await bench.loseDirectory();
  await bench.good("apply");
  expect(await kept()).toEqual(before);
  await settled();
});

test("--yes deletes nothing that no journal says was being made", async () => {
  await bench.good("apply", ...disk);
  await bench.loseDirectory();
  const recovered = await bench.run(["recover", "--yes"], {}, {});
  expect(recovered.result, recovered.stdout.slice(-3000)).toMatchObject({ error: { code: "recovery.undecided" } });
  expect(await bench.things("volume")).toHaveLength(1);
  expect(recovered.stdout).toContain("without one --yes and CONFIRM=production/hetzner delete it");
});

describe("what nobody asks for after a state was lost", () => {
  beforeEach(async () => {
    await bench.good("apply", ...disk);
    await bench.loseDirectory();
  });

  test("an apply leaves it, and says how it is deleted", async () => {
    const applied = await bench.run(["apply", "--yes"]);
    expect(applied.result).toMatchObject({ ok: true });
    expect(applied.stdout).toContain("landfall recover production/hetzner asks whether to delete it");
    expect(await bench.things("volume")).toHaveLength(1);
  });

  test("recover deletes it with --yes and the stack's name", async () => {
    expect(await bench.good("recover")).toMatchObject({
      removed: [{ address: "hcloud_volume_attachment.data[0]" }, { address: "hcloud_volume.data[0]" }],
    });
    expect(await bench.things("volume")).toEqual([]);
  });
});

test("a state that is lost alone is found again too", async () => {
  await bench.good("apply");
  // From its second run on, a stack knows its state by name.
  await settled();
  const servers = await bench.things("server");
  await rm(bench.path("terraform.tfstate"));
  await bench.good("apply");
  await settled();
  await bench.good("apply");
  expect(await bench.things("server")).toEqual(servers);
});

test("what the state has forgotten is not made twice, although nothing was cut off", async () => {
  await bench.good("apply");
  await settled();
  const servers = await bench.things("server");
  // As a refresh leaves it that was told for a moment that there is no such server.
  const file = bench.path("terraform.tfstate");
  const state = JSON.parse(await readFile(file, "utf8")) as { serial: number; resources: { type: string }[] };
  const resources = state.resources.filter(({ type }) => type !== "hcloud_server");
  await writeFile(file, JSON.stringify({ ...state, serial: state.serial + 1, resources }));
  await bench.good("apply");
  expect(await bench.things("server")).toEqual(servers);
  await settled();
});

test("what a refresh finds gone it names, and the state before is kept", async () => {
  await bench.good("apply");
  const [server] = await bench.things("server");
  await request("DELETE", `servers/${server?.id}`);
  const refreshed = await bench.run(["refresh", "--yes"]);
  expect(refreshed.result, refreshed.stdout).toMatchObject({ ok: true, changed: true });
  expect(refreshed.events).toContainEqual(
    expect.objectContaining({
      code: "refresh.forgotten",
      message: expect.stringContaining(`hcloud_server.vm (${server?.id})`),
    }),
  );
  const kept = (await readdir(bench.path("snapshots"))).toSorted().at(-1) ?? "";
  expect(await readFile(bench.path(join("snapshots", kept)), "utf8")).toContain(`"${server?.id}"`);
});

describe("two things for one address", () => {
  const twice = async (): Promise<Thing[]> => {
    await bench.good("apply");
    await postServer("second", "production_hetzner");
    await bench.loseDirectory();
    const stopped = await bench.run(["apply", "--yes"]);
    expect(stopped.result).toMatchObject({ error: { code: "recovery.undecided", exit: 7 } });
    expect(stopped.stdout).toContain("server second");
    return bench.things("server");
  };

  test("are shown, and none is taken or deleted without a person", async () => {
    const servers = await twice();
    expect(servers).toHaveLength(2);
    const recovered = await bench.run(["recover", "--yes"]);
    expect(recovered.result).toMatchObject({ error: { code: "recovery.undecided", exit: 7 } });
    expect(await bench.things("server")).toEqual(servers);
  });

  test("a person chooses one, and the other goes when that is agreed to", async () => {
    const [first, second] = await twice();
    const asked: string[] = [];
    const answers = (toTheRest: string) => async (question: string) => {
      asked.push(question);
      return question.includes("Type the id") ? (first?.id ?? "") : toTheRest;
    };
    // It is a protected environment.
    const short = await bench.run(["recover"], { interactive: true, ask: answers("y") });
    expect(short.result).toMatchObject({ error: { code: "recovery.undecided", exit: 7 } });
    expect(await bench.things("server")).toHaveLength(2);
    const recovered = await bench.run(["recover"], { interactive: true, ask: answers(`production/${provider}`) });
    expect(recovered.result, recovered.stdout.slice(-3000)).toMatchObject({
      ok: true,
      removed: [expect.objectContaining({ id: second?.id })],
    });
    expect(asked.join("\n")).toContain(`the stack uses ${first?.id} instead`);
    expect(await bench.things("server")).toEqual([first]);
  });
});

test("what bears the labels of another stack is given back, even where a search found it", async () => {
  await postServer("strange", "staging_hetzner");
  const code = join(bench.tree.root, "infrastructure/terraform/providers/hetzner/provider.ts");
  const text = await readFile(code, "utf8");
  await writeFile(code, text.replace(/return `label_selector=.*/, "return `label=${inputs.vm_name}`;"));
  const stopped = await bench.run(["apply", "--yes"]);
  expect(stopped.result).toMatchObject({ error: { code: "recovery.foreign", exit: 7 } });
  expect(await bench.known()).toEqual([]);
  expect(await bench.things("server")).toHaveLength(1);
});

/** As somebody's script would. */
async function postServer(name: string, stack: string): Promise<void> {
  const labels = { project: "torrust-tracker", environment: stack.split("_")[0], stack, managed_by: "landfall" };
  await request("POST", "servers", { name, server_type: "cx23", image: "debian-12", location: "fsn1", labels });
}

async function request(method: string, path: string, body?: object): Promise<void> {
  const answer = await fetch(`${bench.origin}/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${"a".repeat(64)}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect([200, 201], await answer.text()).toContain(answer.status);
}
