import { join } from "node:path";
import { expect, test } from "vitest";
import { realPorts } from "../../system/realPorts.ts";
import { formatPluginAddress } from "./pluginSource.ts";
import { requiredPlugins } from "./requiredPlugins.ts";

const { files } = realPorts();

async function required(text: string, source?: string): Promise<string[]> {
  const folder = await files.temporaryDirectory("landfall-module-");
  try {
    await files.write(join(folder, "main.tf"), text);
    const manifest = source === undefined ? {} : { plugin: { source } };
    return (await requiredPlugins({ name: "acme", folder, manifest }, files)).map(formatPluginAddress);
  } finally {
    await files.remove(folder);
  }
}

const block = (sources: string[]): string =>
  `terraform {\n  required_version = ">= 1.8"\n  required_providers {\n${sources
    .map((source, index) => `    p${index} = {\n      source  = "${source}"\n      version = "1.0"\n    }\n`)
    .join("")}  }\n}\nmodule "m" { source = "./modules/m" }\n`;

test("a module of built-in resources needs none", async () => {
  expect(await required('resource "terraform_data" "vm" {}')).toEqual([]);
  expect(await required(block(["terraform.io/builtin/terraform"]))).toEqual([]);
});

test("what required_providers names, in full, and no other source", async () => {
  expect(await required(block(["acme/acme", "example.org/acme/other"]))).toEqual([
    "registry.opentofu.org/acme/acme",
    "example.org/acme/other",
  ]);
});

test("the manifest's comes first and only once", async () => {
  expect(await required(block(["other/other", "acme/acme"]), "acme/acme")).toEqual([
    "registry.opentofu.org/acme/acme",
    "registry.opentofu.org/other/other",
  ]);
});

test("comments do not count", async () => {
  expect(await required(`# required_providers { a = { source = "x/y" } }\n// required_providers {\n`)).toEqual([]);
});
