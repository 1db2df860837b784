import { join } from "node:path";
import { expect, test } from "vitest";
import { realPorts } from "../../system/realPorts.ts";
import { findTestEngine } from "../../../test/support/findTestEngine.ts";
import { lockProviderPlugins } from "./lockProviderPlugins.ts";

const program = await findTestEngine();
const ports = realPorts();
const { files } = ports;

async function inModule(text: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await files.temporaryDirectory("landfall-lock-");
  try {
    await files.write(join(folder, "main.tf"), text);
    await work(folder);
  } finally {
    await files.remove(folder);
  }
}

const located = { program: program ?? "", version: "1.12.6", way: "named", origin: "" } as const;

test("a provider without a plugin has nothing to lock", () =>
  inModule('resource "terraform_data" "vm" {}', async (folder) => {
    const owner = { name: "acme", folder, manifest: {} };
    await expect(lockProviderPlugins(owner, located, ports)).rejects.toMatchObject({ code: "plugin.none", exit: 3 });
  }));

test.skipIf(program === undefined)("where the registry cannot be reached nothing is written", () =>
  inModule(
    'terraform {\n  required_providers {\n    acme = { source = "registry.invalid/acme/acme" }\n  }\n}\n',
    async (folder) => {
      const owner = { name: "acme", folder, manifest: {} };
      await expect(lockProviderPlugins(owner, located, ports)).rejects.toMatchObject({ code: "engine.pluginMissing" });
      expect(await files.list(folder)).toEqual(["main.tf"]);
    },
  ),
);
