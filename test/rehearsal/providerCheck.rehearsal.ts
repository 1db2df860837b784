import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CheckReport } from "../../src/operations/check/checkProvider.ts";
import { everyProvider } from "../support/cloudsOf.ts";
import { checkMutated, type Mutation } from "../support/conformance.ts";
import { landfall } from "../support/landfall.ts";
import { makeTree, repository, type Tree } from "../support/makeTree.ts";
import { reportOf, writeReports } from "../support/providerReports.ts";

let tree: Tree;
const reports: CheckReport[] = [];
beforeAll(async () => {
  tree = await makeTree();
});
afterAll(async () => {
  await tree.remove();
  if (process.env["LANDFALL_REPORTS"] === "write") await writeReports(reports);
});

describe("every provider keeps the contract at its highest offline level, and its published report says the same", () => {
  test.concurrent.each(everyProvider)("%s", async (provider) => {
    const { status, result, stdout } = await landfall(tree.root, ["provider", "check", provider, "--json"]);
    const report = result as unknown as CheckReport;
    const bad = report.verdicts?.filter(({ verdict }) => verdict === "failed");
    expect([status, bad], stdout.slice(-2000)).toEqual([0, []]);
    reports.push(report);
    if (process.env["LANDFALL_REPORTS"] === "write") return;
    const published = await readFile(join(repository, "docs", "providers", "reports.md"), "utf8");
    expect(published, "else: LANDFALL_REPORTS=write make test-rehearsal").toContain(reportOf(report));
  });
});

const source = join(repository, "infrastructure", "terraform", "providers", "hetzner");
const main = "main.tf";
const code = "provider.ts";
/** A condition on the server that a plan of one rule breaks. */
const unless =
  (condition: string) =>
  ({ replace }: Mutation): Promise<void> =>
    replace(
      main,
      "    precondition {",
      `    precondition {\n      condition = ${condition}\n      error_message = "no"\n    }\n    precondition {`,
    );

/** Each breaks one rule of level plan of a provider that is good otherwise. */
const plans: Record<string, (change: Mutation) => Promise<void>> = {
  "plan.code": ({ replace }) => replace(code, "{ checkPrerequisites,", "{ checkPrerequisites, cleanup: 1,"),
  "plan.init": ({ replace }) =>
    replace(
      main,
      'source = "hetznercloud/hcloud"',
      'source = "hetznercloud/hcloud"\n      configuration_aliases = [hcloud.other]',
    ),
  "plan.machine": ({ replace }) =>
    replace("provider.yaml", "machine: [hcloud_server.vm]", "machine: [hcloud_primary_ip.address]"),
  "plan.small": unless("var.vm_memory != 1024"),
  "plan.medium": unless("var.vm_memory != 4096"),
  "plan.large": unless("var.vm_memory != 8192"),
  "plan.minimal": unless("!var.use_minimal_config"),
  "plan.closed": unless("length(var.open_ports) > 1"),
  "plan.dataDisk": unless("var.data_disk_size == 0"),
  "plan.address": unless("!var.reserve_address"),
  "plan.variables": ({ replace }) =>
    replace(
      code,
      "{ checkPrerequisites,",
      '{ prepare: async (context) => ({ image: context.secret("token") ?? "" }), checkPrerequisites,',
    ),
};

/** And of level rehearsal. */
const rehearsals: Record<string, (change: Mutation) => Promise<void>> = {
  "simulation.unsupported": async ({ replace }) => {
    await replace("rehearsal.ts", "failure(501,", "failure(200,");
    await replace(
      "rehearsal.ts",
      "authenticate({ headers }: ApiRequest)",
      "authenticate({ headers, method }: ApiRequest)",
    );
    await replace("rehearsal.ts", "return /^Bearer", 'return method === "PATCH" || /^Bearer');
  },
  "simulation.credentials": ({ replace }) => replace("rehearsal.ts", "    authenticate,\n", ""),
  "rehearsal.apply": ({ replace }) => replace(main, /image( +)= var\.settings\.image/, 'image$1= "nothing-24"'),
  "rehearsal.outputs": ({ replace }) => replace("outputs.tf", "hcloud_server.vm.name", '"another"'),
  "rehearsal.settled": ({ append }) =>
    append(main, '\nresource "terraform_data" "again" {\n  input = timestamp()\n}\n'),
  "rehearsal.running": ({ replace }) => replace(code, 'server.status === "off"', 'server.status !== "off"'),
  "rehearsal.ports": ({ replace }) =>
    replace(main, "    # These count", "    replace_triggered_by = [hcloud_firewall.firewall]\n    # These count"),
  "rehearsal.addressKept": ({ replace }) =>
    replace("outputs.tf", "= hcloud_server.vm.ipv4_address", '= "10.0.0.${tonumber(hcloud_server.vm.id) % 250}"'),
  "rehearsal.orphans": ({ replace }) =>
    replace(code, '...firewalls.map((firewall) => orphan("hcloud_firewall.firewall", "firewall", firewall)),', ""),
  "rehearsal.destroy": ({ replace }) =>
    replace(
      main,
      'resource "hcloud_firewall" "firewall" {',
      'resource "hcloud_firewall" "firewall" {\n  lifecycle {\n    prevent_destroy = true\n  }',
    ),
  "rehearsal.nothingLeft": ({ replace }) =>
    replace(
      "rehearsal.ts",
      /resources: \(\) =>\n[\s\S]*?\n      \),\n/,
      'resources: () => [{ kind: "dust", id: "1", name: "dust" }],\n',
    ),
};
describe("one mutation breaks exactly one rule", () => {
  const cases = [
    ...Object.entries(plans).map(([id, mutate]) => [id, "plan", mutate] as const),
    ...Object.entries(rehearsals).map(([id, mutate]) => [id, "rehearsal", mutate] as const),
  ];
  test.concurrent.each(cases)("%s", async (id, level, mutate) => {
    const { broken, verdicts } = await checkMutated({ source, level }, mutate);
    const told = JSON.stringify(verdicts.filter(({ verdict }) => verdict === "failed"));
    expect(
      broken.filter((other) => other !== "lock.present"),
      told,
    ).toEqual([id]);
  });
});
