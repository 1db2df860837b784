import { access, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeFileCloud, type FileCloud } from "./support/fileCloud.ts";
import { landfall, type Outcome } from "./support/landfall.ts";

const machine = "terraform_data.machine";
const data = "terraform_data.data";
const disk = ["--set", "DATA_DISK_SIZE=10"];
const addingDisk = { address: "module.provider.terraform_data.data[0]", action: "create" };
const undecided = { error: { code: "recovery.undecided", exit: 7 } };

let cloud: FileCloud;
beforeEach(async () => {
  cloud = await makeFileCloud();
});
afterEach(() => cloud.tree.remove());

describe("before anything is made or destroyed, what exists is searched for", () => {
  test("a clone without a state takes over what exists", async () => {
    await cloud.put("found", machine);
    await cloud.good("apply");
    expect([await cloud.known("machine"), await cloud.ids()]).toEqual(["found", ["found"]]);
  });

  test("destroy without a state takes over what exists, and removes it", async () => {
    await cloud.put("found", machine);
    expect(await cloud.good("destroy")).toMatchObject({ changed: true });
    expect(await cloud.ids()).toEqual([]);
  });

  test("a state that is gone alone is searched for, and nothing is made twice", async () => {
    await cloud.good("apply");
    const before = await cloud.ids();
    await rm(cloud.stack("terraform.tfstate"));
    await cloud.good("apply");
    expect(await cloud.ids()).toEqual(before);
    expect(await cloud.good("plan")).toMatchObject({ changes: false });
  });

  test("a destroy takes over what a state that is gone knew, and removes it", async () => {
    await cloud.good("apply");
    await rm(cloud.stack("terraform.tfstate"));
    expect(await cloud.good("destroy")).toMatchObject({ changed: true });
    expect(await cloud.ids()).toEqual([]);
  });

  test("what a run that was cut off has made is taken over, although an earlier one had finished", async () => {
    await cloud.good("apply");
    await cloud.cutOff(addingDisk);
    await cloud.put("made", data);
    await cloud.good("apply", ...disk);
    expect(await cloud.known("data")).toBe("made");
    expect(await cloud.ids()).toHaveLength(2);
  });

  test("what nobody has noted, as a colleague's run leaves it, is taken over before it is made", async () => {
    await cloud.good("apply");
    await cloud.put("made", data);
    await cloud.good("apply", ...disk);
    expect(await cloud.known("data")).toBe("made");
    expect(await cloud.ids()).toHaveLength(2);
  });

  test("a saved plan that would make what exists is refused", async () => {
    await cloud.good("apply");
    const file = join(cloud.tree.root, "plan.json");
    await cloud.good("plan", ...disk, "--out", file);
    await cloud.put("made", data);
    const argv = ["apply", file, ...disk, "--yes", "--json"];
    const { result } = await landfall(cloud.tree.root, argv, { SKIP_WAIT: "true" });
    const reason = expect.stringContaining("exists already, and was taken over");
    expect(result).toMatchObject({ error: { code: "plan.refused", problems: [{ message: reason }] } });
    expect(await cloud.known("data")).toBe("made");
    expect(await cloud.ids()).toHaveLength(2);
  });

  test("after a rate limit, what was made all the same is taken over, and the rest is confirmed again", async () => {
    const answers = ["y", "n"];
    const ask = async (): Promise<string> => answers.shift() ?? "";
    const go = join(cloud.tree.root, "go");
    await rm(go);
    const declined = await cloud.run(["apply", ...disk], { interactive: true, ask }, async () => {
      await cloud.put("made", data);
      await writeFile(go, "");
    });
    expect(declined.result, declined.stdout.slice(-3000)).toMatchObject({ error: { code: "confirmation.declined" } });
    expect([answers, await cloud.known("data")]).toEqual([[], "made"]);
  });
});

describe("what bears no sign of whose it is", () => {
  const addresses = [
    { address: `${data}[0]`, id: "one", title: "address one" },
    { address: "terraform_data.limit", id: "other", title: "address other" },
  ];
  const told = [{ level: "warning", message: expect.stringContaining("address one may be what the run") }];
  const warnings = (outcome: Outcome): unknown[] =>
    outcome.events.filter(({ code }) => code === "recovery.nameless").map(({ level, message }) => ({ level, message }));

  test.each([["recover"], ["apply", ...disk], ["destroy"]])(
    "is told of by %s, where a run was about to make such a thing",
    async (...argv) => {
      await cloud.good("apply");
      await cloud.nameless(...addresses);
      expect(warnings(await cloud.run([...argv, "--yes"]))).toEqual([]);
      await cloud.good("apply");
      await cloud.cutOff(addingDisk);
      expect(warnings(await cloud.run([...argv, "--yes"]))).toEqual(told);
      expect(warnings(await cloud.run(["apply", ...disk, "--yes"]))).toEqual([]);
    },
  );

  test("is told of after a rate limit, whose answer may have come after the thing", async () => {
    await cloud.good("apply");
    const go = join(cloud.tree.root, "go");
    await rm(go);
    const ask = async (): Promise<string> => "y";
    const outcome = await cloud.run(["apply", ...disk], { interactive: true, ask }, async () => {
      await cloud.nameless(...addresses);
      await writeFile(go, "");
    });
    expect([outcome.result["ok"], warnings(outcome)]).toEqual([true, told]);
  });

  test("is nothing to tell of where the run could save what it made", async () => {
    await cloud.good("apply", ...disk);
    await cloud.nameless(...addresses);
    await cloud.cutOff(addingDisk);
    const recovered = await cloud.run(["recover", ...disk, "--yes"]);
    expect([recovered.result["nameless"], warnings(recovered)]).toEqual([[], []]);
  });
});

describe("what cannot be decided without a person", () => {
  test("two things for one address stop apply, and --yes takes and deletes neither", async () => {
    await cloud.put("one", machine);
    await cloud.put("two", machine);
    for (const verb of ["apply", "destroy", "recover"])
      expect((await cloud.run([verb, "--yes"])).result, verb).toMatchObject(undecided);
    expect(await cloud.ids()).toEqual(["one", "two"]);
  });

  test("a rival of what the stack uses is not deleted by --yes either", async () => {
    await cloud.good("apply");
    await cloud.cutOff({ address: "module.provider.terraform_data.machine", action: "create" });
    await cloud.put("rival", machine);
    for (const verb of ["apply", "recover"])
      expect((await cloud.run([verb, "--yes"])).result, verb).toMatchObject(undecided);
    expect(await cloud.ids()).toContain("rival");
  });

  test("--yes deletes what the journal expected, and only recover does", async () => {
    await cloud.good("apply");
    await cloud.cutOff(addingDisk);
    await cloud.put("made", data);
    expect((await cloud.run(["apply", "--yes"])).result).toMatchObject(undecided);
    expect(await cloud.ids()).toContain("made");
    expect(await cloud.good("recover")).toMatchObject({ removed: [{ id: "made" }], changes: false });
    expect(await cloud.ids()).not.toContain("made");
  });

  test.each([
    ["about something else", { address: "module.provider.terraform_data.machine", action: "update" }],
    ["to delete it", { ...addingDisk, action: "delete" }],
  ])("--yes deletes nothing that no journal says was being made: it was %s", async (_what, expected) => {
    await cloud.good("apply");
    await cloud.cutOff(expected);
    await cloud.put("somebodys", data);
    expect((await cloud.run(["recover", "--yes"])).result).toMatchObject(undecided);
    expect(await cloud.ids()).toContain("somebodys");
  });

  test("a person is asked, and only yes deletes", async () => {
    await cloud.good("apply");
    await cloud.put("somebodys", data);
    for (const answer of ["n", "", "sure"]) {
      const left = await cloud.run(["recover"], { interactive: true, ask: async () => answer });
      expect(left.result, left.stdout).toMatchObject({ ok: true, left: [{ id: "somebodys" }], removed: [] });
    }
    const gone = await cloud.run(["recover"], { interactive: true, ask: async () => "yes" });
    expect(gone.result).toMatchObject({ removed: [{ id: "somebodys" }] });
    expect(await cloud.ids()).not.toContain("somebodys");
  });
});

describe("what an interrupt has marked", () => {
  beforeEach(async () => {
    await cloud.good("apply");
    await cloud.cutOff({ address: "module.provider.terraform_data.machine", action: "create" });
    const file = cloud.stack("terraform.tfstate");
    const state = JSON.parse(await readFile(file, "utf8")) as { resources: { name: string; instances: object[] }[] };
    for (const { name, instances } of state.resources)
      if (name === "machine") Object.assign(instances[0] ?? {}, { status: "tainted" });
    await writeFile(file, JSON.stringify(state));
  });

  test("is kept where the machine runs", async () => {
    await cloud.machine({ state: "running" });
    expect(await cloud.good("recover")).toMatchObject({ untainted: [machine], changes: false });
  });

  test("a machine that does not run stays marked", async () => {
    await cloud.machine({ state: "stopped" });
    expect(await cloud.good("recover")).toMatchObject({ untainted: [], summary: { machine: "replace" } });
  });

  test("what does not exist stays marked", async () => {
    await cloud.machine({ state: "running" });
    for (const id of await cloud.ids()) await rm(join(cloud.tree.root, "things", id));
    expect(await cloud.good("recover")).toMatchObject({ untainted: [], summary: { machine: "replace" } });
  });
});

describe("a destroy", () => {
  const destroyed = async (): Promise<unknown> => (await cloud.run(["destroy", "--yes"])).result["error"];

  test("a destroy that leaves something is no success, and says what", async () => {
    await cloud.good("apply");
    await cloud.put("left", data);
    const message = expect.stringContaining("thing left") as string;
    expect(await destroyed()).toMatchObject({ code: "destroy.leftovers", message });
    await rm(join(cloud.tree.root, "things", "left"));
    await cloud.machine({ state: "absent", leftovers: ["a lease"] });
    expect(await destroyed()).toMatchObject({ code: "destroy.leftovers" });
  });

  test.each(["running", "stopped"])("a destroy after which the machine still runs is none: %s", async (state) => {
    await cloud.good("apply");
    await cloud.machine({ state });
    expect(await destroyed()).toMatchObject({ code: "destroy.leftovers" });
  });

  test("after a destroy, nothing of the machine's identity is left", async () => {
    await cloud.good("apply");
    const identity = ["ssh_host_ed25519_key", "ssh_host_ed25519_key.pub", "known_hosts", "authorized_key.pub"];
    expect(await readdir(cloud.stack(""))).toEqual(expect.arrayContaining([...identity, "known.json"]));
    await cloud.good("destroy");
    for (const name of [...identity, "known.json"])
      await expect(access(cloud.stack(name)), name).rejects.toMatchObject({ code: "ENOENT" });
  });
});
