import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkMutated, type Mutation } from "./support/conformance.ts";
import { repository } from "./support/makeTree.ts";

const source = join(repository, "test", "fixtures", "providers", "gale");

/** Messages of what breaks one static rule after a change of the good example. */
async function findings(rule: string, change: (mutation: Mutation) => Promise<void>): Promise<string[]> {
  const { verdicts } = await checkMutated({ source, level: "static", rules: [rule] }, change);
  return verdicts.filter(({ id }) => id === rule).flatMap((verdict) => verdict.findings.map(({ message }) => message));
}

describe("resources in modules of the folder", () => {
  const call = 'module "server" {\n  source = "./modules/server"\n}\n';

  test.each([
    ["the module's own calls may be named", "module.server.gale_server.vm", []],
    ["keys do not count", "module.server[0].gale_server.vm[0]", []],
    [
      "what it does not call may not",
      "module.net.gale_server.vm",
      [expect.stringContaining("names module.net.gale_server.vm, which the module does not have")],
    ],
  ])("%s", async (_what, address, expected) => {
    const found = await findings("resources.exist", async ({ replace, append, write }) => {
      await write("modules/server/main.tf", 'resource "gale_server" "vm" {}\n');
      await append("main.tf", call);
      await replace("provider.yaml", "[gale_server.vm]", `["${address}"]`);
    });
    expect(found).toEqual(expected);
  });
});
