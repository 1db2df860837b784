import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  environment,
  migrationBench,
  provider,
  put,
  terraform,
  type MigrationBench,
} from "./support/migrationBench.ts";

/** What becomes of single lines of old files. */
let bench: MigrationBench;

beforeEach(async () => {
  bench = await migrationBench();
});
afterEach(() => bench.remove());

test("nothing in them is run, and every line that would be is named", async () => {
  const trace = join(bench.old, "ran");
  const hostile = [
    "ENVIRONMENT=staging",
    `A=$(touch ${trace})`,
    `B=\`touch ${trace}\``,
    `C="x$(touch ${trace})"`,
    `touch ${trace}`,
    `D="two`,
    `lines $(touch ${trace})"`,
    "BASH_ENV=/tmp/evil",
    `eval "touch ${trace}"`,
    "VM_NAME=box",
  ];
  await put(bench.old, {
    [environment("staging.env")]: `${hostile.join("\n")}\n`,
    [terraform("hetzner.auto.tfvars")]:
      'vm_memory = "${file("/etc/passwd")}"\nvm_name = <<EOF\nbox\nEOF\nvm_vcpus = 3\n',
  });
  const { result } = await bench.migrate("--yes");
  expect(await readdir(bench.old)).toEqual(["infrastructure"]);
  const notes = (result["files"] as { notes: { where: string }[] }[])[0]?.notes.map(({ where }) => where);
  for (const line of [2, 3, 4, 5, 6, 7, 8, 9]) expect(notes).toContain(`${environment("staging.env")}:${line}`);
  expect(JSON.stringify(result["left"])).toContain("hetzner.auto.tfvars:2");
  const written = await bench.read(environment("staging.env"));
  expect(written.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([
    "ENVIRONMENT=staging",
    "VM_NAME=box",
    "VM_VCPUS=3",
  ]);
});

test("a setting of a provider that every environment says alike goes to the provider's file; else it stays", async () => {
  await put(bench.old, {
    [environment("staging.env")]: "VM_NAME=a\nHETZNER_LOCATION=fsn1\nHETZNER_SERVER_TYPE=cx23\n",
    [environment("production.env")]: "VM_NAME=b\nHETZNER_LOCATION=fsn1\nHETZNER_SERVER_TYPE=cx33\n",
  });
  await bench.migrate("--yes");
  expect(await bench.read(provider("hetzner.env"))).toMatch(/^PROVIDER_HETZNER_LOCATION=fsn1$/m);
  expect(await bench.read(provider("hetzner.env"))).not.toContain("SERVER_TYPE");
  for (const name of ["staging.env", "production.env"]) {
    expect(await bench.read(environment(name))).not.toMatch(/^PROVIDER_HETZNER_LOCATION/m);
    expect(await bench.read(environment(name))).toMatch(/^PROVIDER_HETZNER_SERVER_TYPE=cx/m);
  }
});

test("two spellings of one setting become one", async () => {
  await put(bench.old, { [provider("hetzner.env")]: "HETZNER_LOCATION=hel1\nPROVIDER_HETZNER_LOCATION=fsn1\n" });
  await bench.migrate("--yes");
  expect((await bench.read(provider("hetzner.env"))).match(/^[A-Z_]*LOCATION=.*$/gm)).toEqual([
    "PROVIDER_HETZNER_LOCATION=fsn1",
  ]);
});

test("what is missing for a valid configuration is said", async () => {
  await put(bench.old, {
    [environment("staging.env")]: "ENVIRONMENT=staging\nDOMAIN_NAME=REPLACE_WITH_YOUR_DOMAIN\n",
    [provider("hetzner.env")]: "PROVIDER_HETZNER_LOCATION=fsn1\n",
  });
  const { status, result } = await bench.migrate("--yes");
  expect(status).toBe(0);
  const check = (result["checks"] as { stack: string; problems: { key?: string }[] }[])[0];
  expect(check).toMatchObject({ stack: "staging/hetzner", valid: false });
  expect(check?.problems.map(({ key }) => key)).toEqual(
    expect.arrayContaining(["DOMAIN_NAME", "PROVIDER_HETZNER_TOKEN"]),
  );
});

test("a provider without a folder and a name that is none are left, and said", async () => {
  await put(bench.old, { [provider("ovh.env")]: "PROVIDER_OVH_TOKEN=x\n", [environment("Prod_1.env")]: "VM_NAME=x\n" });
  const { result } = await bench.migrate("--yes");
  expect((result["files"] as { action: string }[]).map(({ action }) => action)).toEqual(["leave", "leave"]);
});

test("a tfvars value that fits several environments is listed, not guessed", async () => {
  await put(bench.old, {
    [environment("staging.env")]: "VM_NAME=a\n",
    [environment("production.env")]: "VM_NAME=b\n",
    [terraform("terraform.tfvars")]: "vm_memory = 4096\n",
  });
  const { result } = await bench.migrate("--yes");
  expect(result["left"]).toEqual([
    expect.objectContaining({ where: `${terraform("terraform.tfvars")}:1`, key: "vm_memory" }),
  ]);
});
