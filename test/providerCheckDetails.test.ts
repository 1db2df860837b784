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

describe("blocks of the module", () => {
  const module = (source: string): string =>
    `module "net" {\n  providers = { gale = gale.b }\n  source = ${source}\n}\n`;
  const net = { "modules/net/main.tf": "locals {\n  a = 1\n}\n" };

  test.each<[string, string, Record<string, string>, unknown[]]>([
    [
      "behind other attributes",
      "hcl.modules",
      { "a.tf": module('"example.org/a/b"') },
      [expect.stringContaining("example.org")],
    ],
    ["that leave the folder", "hcl.modules", { "a.tf": module('"./../../x"') }, [expect.stringContaining("./../../x")]],
    ["that are computed", "hcl.modules", { "a.tf": module('"./${var.a}"') }, [expect.stringContaining("var.a")]],
    ["beside their file", "hcl.modules", { ...net, "modules/server/a.tf": module('"../net"') }, []],
    [
      "that others call so",
      "hcl.modules",
      { ...net, "a.tf": module('"./modules/net"\n  rules = [{ source = "0.0.0.0/0" }]') },
      [],
    ],
    [
      "in one line",
      "hcl.backend",
      { "a.tf": 'terraform { backend "local" {} }\n' },
      [expect.stringContaining("backend")],
    ],
    ["of other blocks", "hcl.backend", { "a.tf": 'resource "gale_box" "a" {\n  encryption {\n  }\n}\n' }, []],
    [
      "in one line",
      "hcl.engine",
      { "a.tf": 'terraform { required_version = "~> 1.10.0" }\n' },
      [expect.stringContaining("~> 1.10.0")],
    ],
    ["of one part", "hcl.engine", { "a.tf": 'terraform {\n  required_version = "~> 1"\n}\n' }, []],
  ])("%s: %s", async (_what, rule, files, expected) => {
    const found = await findings(rule, async ({ write }) => {
      for (const [path, text] of Object.entries(files)) await write(path, text);
    });
    expect(found).toEqual(expected);
  });
});

describe("what need not be written", () => {
  test("a capability that is there where nothing is said", async () => {
    const change = ({ replace }: Mutation): Promise<void> => replace("provider.yaml", "  user_data: true\n", "");
    expect(await findings("capabilities.declared", change)).toEqual([]);
  });

  test.each([
    ["*\n!.terraform.lock.hcl\n", []],
    ["!*.hcl\n.terraform*\n", [".terraform* hides .terraform.lock.hcl from git"]],
  ])("of %j the last line about the lock file decides", async (text, expected) => {
    expect(await findings("lock.kept", ({ write }) => write(".gitignore", text))).toEqual(expected);
  });
});
