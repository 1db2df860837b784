import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { landfall } from "./support/landfall.ts";
import { makeFileCloud, type FileCloud } from "./support/fileCloud.ts";

/** What an earlier run has made is found only where, and as what, it was made. */
const addingDisk = { address: "module.provider.terraform_data.data[0]", action: "create" };

let cloud: FileCloud;
beforeEach(async () => {
  cloud = await makeFileCloud();
});
afterEach(() => cloud.tree.remove());

/** Entry of the journal. */
async function newest(): Promise<unknown> {
  const [file = ""] = (await readdir(cloud.stack("journal"))).toSorted().slice(-1);
  return JSON.parse(await readFile(cloud.stack(`journal/${file}`), "utf8"));
}

test("what a run that was cut off has made is not searched for with other settings", async () => {
  await cloud.good("apply");
  await cloud.cutOff(addingDisk);
  for (const verb of ["apply", "destroy", "recover"]) {
    const { result } = await cloud.run([verb, "--yes", "--set", "VM_NAME=elsewhere"]);
    expect(result).toMatchObject({
      error: {
        code: "recovery.elsewhere",
        exit: 7,
        problems: [{ message: expect.stringMatching(/^VM_NAME was "qa" in the apply of .*, and is "elsewhere" now$/) }],
      },
    });
  }
  await cloud.good("recover");
});

test.each([
  ["there are none left in this region", "engine.failed"],
  ["error during placement: resource_unavailable", "engine.outOfStock"],
])("what failed, with an answer to every call (%s), may be made elsewhere by the next apply", async (answer, code) => {
  const main = join(cloud.tree.root, "infrastructure/terraform/providers/acme/main.tf");
  const before = await readFile(main, "utf8");
  const refuses = `provisioner "local-exec" { command = "echo '${answer}'; exit 1" }`;
  await writeFile(main, `${before}\nresource "terraform_data" "refused" {\n  ${refuses}\n}\n`);
  expect((await cloud.run(["apply", "--yes"])).result).toMatchObject({ error: { code } });
  await writeFile(main, before);
  await cloud.good("apply", "--set", "VM_NAME=elsewhere");
});

test("an engine that was run by hand and killed leaves its entry in the journal open", async () => {
  await cloud.good("apply");
  const main = join(cloud.tree.root, "infrastructure/terraform/providers/acme/main.tf");
  const deadly = 'provisioner "local-exec" { command = "kill -9 $PPID" }';
  await writeFile(main, `${await readFile(main, "utf8")}\nresource "terraform_data" "deadly" {\n  ${deadly}\n}\n`);
  await landfall(cloud.tree.root, ["tofu", "--json", "qa/acme", "--", "apply", "-auto-approve"]);
  expect(await newest()).toMatchObject({ operation: "tofu", soughtBy: { VM_NAME: "qa" } });
  expect(await newest()).not.toHaveProperty("closed");
});

test("after a rate limit, and by hand, a run is bound to its place as well", async () => {
  const go = join(cloud.tree.root, "go");
  await rm(go);
  const ask = async (): Promise<string> => "y";
  const { result } = await cloud.run(["apply"], { interactive: true, ask }, () => writeFile(go, ""));
  expect(result).toMatchObject({ ok: true });
  expect(await newest()).toMatchObject({ operation: "apply", soughtBy: { VM_NAME: "qa" } });
  await landfall(cloud.tree.root, [
    "tofu",
    "--json",
    "qa/acme",
    "--",
    "untaint",
    "module.provider.terraform_data.limit",
  ]);
  expect(await newest()).toMatchObject({ operation: "tofu", soughtBy: { VM_NAME: "qa" } });
});

test("where nothing is searched for, on this computer, another setting is no other place", async () => {
  const folder = join(cloud.tree.root, "infrastructure/terraform/providers/acme");
  await rm(join(folder, "provider.ts"));
  const manifest = await readFile(join(folder, "provider.yaml"), "utf8");
  await writeFile(join(folder, "provider.yaml"), manifest.replace('local: "things are files"', "local: true"));
  await cloud.good("apply", "--set", "PROVIDER_ACME_MOTTO=slow");
  await cloud.cutOff(addingDisk);
  await cloud.good("destroy");
});
