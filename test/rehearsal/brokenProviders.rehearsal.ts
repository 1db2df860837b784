import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contractRules } from "../../src/conformance/contractRules.ts";
import { checkMutated, type Mutation } from "../support/conformance.ts";
import { repository } from "../support/makeTree.ts";

/** A provider that is good; each mutation of it breaks one rule. */
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

type Mutations = Record<string, (change: Mutation) => Promise<void>>;

const plans: Mutations = {
  "plan.code": ({ replace }) => replace(code, "{\n  checkPrerequisites,", "{\n  cleanup: 1,\n  checkPrerequisites,"),
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
  "plan.variables": async ({ replace }) => {
    await replace("provider.yaml", "settings:\n", "settings:\n  copy: { description: A copy, computed: true }\n");
    await replace("variables.tf", "type = object({\n", "type = object({\n    copy        = optional(string)\n");
    await replace(
      code,
      "{\n  checkPrerequisites,",
      '{\n  prepare: async (context) => ({ copy: context.secret("token") ?? "" }),\n  checkPrerequisites,',
    );
  },
};

const rehearsals: Mutations = {
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
  "rehearsal.running": ({ replace }) =>
    replace(code, 'off: "stopped", running: "running"', 'off: "stopped", running: "stopped"'),
  "rehearsal.ports": ({ replace }) =>
    replace(main, "    # These count", "    replace_triggered_by = [hcloud_firewall.firewall]\n    # These count"),
  "rehearsal.addressKept": ({ replace }) =>
    replace("outputs.tf", "= hcloud_server.vm.ipv4_address", '= "10.0.0.${tonumber(hcloud_server.vm.id) % 250}"'),
  "rehearsal.orphans": ({ replace }) =>
    replace(code, '...firewalls.map((firewall) => orphan("hcloud_firewall.firewall", "firewall", firewall)),', ""),
  "rehearsal.addresses": ({ replace }) => replace(code, 'orphan("hcloud_server.vm"', 'orphan("hcloud_server.server"'),
  "rehearsal.destroy": ({ replace }) =>
    replace(
      main,
      'resource "hcloud_firewall" "firewall" {',
      'resource "hcloud_firewall" "firewall" {\n  lifecycle {\n    prevent_destroy = true\n  }',
    ),
  "rehearsal.oneServer": ({ append }) =>
    append(
      main,
      [
        '\nresource "hcloud_server" "spare" {',
        "  count       = var.vm_memory < 4096 ? 1 : 0",
        '  name        = "${var.vm_name}-spare"',
        '  server_type = "cx23"',
        "  image       = var.settings.image",
        "  location    = var.settings.location",
        "}\n",
      ].join("\n"),
    ),
  "rehearsal.labels": async ({ replace }) => {
    await replace(main, /("hcloud_volume" "data" \{[^]*?)labels +=.*/, "$1labels = {}");
    await replace(code, 'list("volumes", query, context)', 'list("volumes", "", context)');
  },
  "rehearsal.resize": async ({ replace, append }) => {
    const volume = 'resource "hcloud_volume" "data" {';
    await replace(main, volume, `${volume}\n  lifecycle {\n    replace_triggered_by = [terraform_data.size]\n  }`);
    await append(main, '\nresource "terraform_data" "size" {\n  input = var.vm_memory\n}\n');
  },
  "rehearsal.gone": ({ replace }) =>
    replace(
      code,
      'if (server === undefined) return { state: "absent" };',
      'if (server === undefined) return { state: (await list("firewalls", selector(context), context)).length > 0 ? "stopped" : "absent" };',
    ),
  "rehearsal.replaced": async ({ replace }) => {
    const refusing = [
      "      ...serverRoutes(cloud).map((route) => ({",
      "        ...route,",
      "        handle: (request: ApiRequest) =>",
      '          route.creates !== undefined && made++ > 0 ? failure(403, "forbidden", "no more") : route.handle(request),',
      "      })),",
    ];
    await replace("rehearsal.ts", "      ...serverRoutes(cloud),", refusing.join("\n"));
    await replace("rehearsal.ts", "const rehearsal: Rehearsal", "let made = 0;\nconst rehearsal: Rehearsal");
  },
  "rehearsal.dataKept": ({ replace }) =>
    replace(
      "outputs.tf",
      "one(hcloud_volume.data[*].id)",
      'one([for one in hcloud_volume.data : "${one.id}-${hcloud_server.vm.id}"])',
    ),
  "rehearsal.absent": ({ replace }) =>
    replace(
      code,
      'if (server === undefined) return { state: "absent" };',
      'if (server === undefined) return { state: (await list("firewalls", selector(context), context)).length > 0 ? "absent" : "unknown" };',
    ),
  "rehearsal.again": ({ replace }) =>
    replace(
      code,
      "{\n  checkPrerequisites,",
      '{\n  cleanUp: async ({ host }) => {\n    cleanUps += 1;\n    if (cleanUps > 1) throw host.error("hetzner.again", "there is nothing to clean up", "do not ask twice");\n  },\n  checkPrerequisites,',
    ).then(() => replace(code, "const provider:", "let cleanUps = 0;\nconst provider:")),
  "rehearsal.nothingLeft": ({ replace }) =>
    replace(
      "rehearsal.ts",
      /resources: \(\) =>\n[\s\S]*?\n      \),\n/,
      'resources: () => [{ kind: "dust", id: "1", name: "dust" }],\n',
    ),
};

/** A cloud that has a second server from the moment on when this fault has struck. */
const haunted =
  (fault: string) =>
  async ({ replace, append }: Mutation): Promise<void> => {
    await replace("rehearsal.ts", "const rehearsal: Rehearsal = { simulate };", "");
    await replace("rehearsal.ts", "export default rehearsal;", "");
    const wrapper = await readFile(join(repository, "test", "fixtures", "hauntedRehearsal.ts.txt"), "utf8");
    await append("rehearsal.ts", wrapper.replace("FAULT", fault));
  };
const faults = contractRules.flatMap(({ id }) => (id.startsWith("fault.") ? [id] : []));

const rulesOf = (prefixes: readonly string[]): string[] =>
  contractRules.map(({ id }) => id).filter((id) => prefixes.some((prefix) => id.startsWith(prefix)));

async function expectBroken(
  id: string,
  options: { level: string; rules: readonly string[]; environment?: Record<string, string> },
  mutate: (change: Mutation) => Promise<void>,
): Promise<void> {
  const { broken, verdicts } = await checkMutated({ source, ...options }, mutate);
  const told = JSON.stringify(verdicts.filter(({ verdict }) => verdict !== "passed"));
  expect(broken, told).toEqual([id]);
}

describe("one mutation breaks exactly one rule", () => {
  test.concurrent.each(Object.entries(plans))("%s", (id, mutate) =>
    expectBroken(id, { level: "plan", rules: rulesOf(["plan."]) }, mutate),
  );
  test.concurrent.each(Object.entries(rehearsals))("%s", (id, mutate) =>
    expectBroken(id, { level: "rehearsal", rules: rulesOf(["simulation.", "rehearsal."]) }, mutate),
  );
  // Beside it another fault, which does no harm.
  test.concurrent.each(faults)("%s", (id) => {
    const other = faults[(faults.indexOf(id) + 1) % faults.length] ?? id;
    return expectBroken(id, { level: "rehearsal", rules: [id, other] }, haunted(id.replace("fault.", "")));
  });
});

test("a disk that findOrphans does not give is made twice, and rehearsal.orphans says so; a rule that builds on it, too", async () => {
  const rules = ["rehearsal.again"];
  const { verdicts, status } = await checkMutated({ source, level: "rehearsal", rules }, async ({ replace }) => {
    await replace(code, /\.\.\.volumes\.flatMap\(/, "...volumes.slice(9).flatMap(");
    // A cloud where names may repeat.
    await replace("rehearsal/volumeRoutes.ts", 'return nameTaken("volume")', 'void nameTaken("volume")');
  });
  expect(status).toBe(1);
  expect(verdicts.map(({ id, verdict }) => [id, verdict])).toEqual([
    ["rehearsal.orphans", "failed"],
    ["rehearsal.again", "untested"],
  ]);
  expect(verdicts[0]?.findings[0]?.message).toMatch(/^volume .* was made a second time$/);
});

test("a mistake in findOrphans breaks rules, and not the check: the report is whole, and names the file that is there", async () => {
  const rules = ["rehearsal.apply", "rehearsal.addresses", "rehearsal.orphans", "fault.slow"];
  const { verdicts, status } = await checkMutated({ source, level: "rehearsal", rules }, ({ replace }) =>
    replace(code, "  const query = selector(context);", "  const query = selector(undefined as never);"),
  );
  expect(status).toBe(1);
  expect(verdicts.map(({ id }) => id)).toEqual(rules);
  const [first] = verdicts[0]?.findings ?? [];
  expect(first?.message).toMatch(/^\w+ of provider hetzner failed: TypeError: /);
  expect(first?.where).toMatch(/landfall-conformance-.*\/hetzner\/provider\.ts:\d+$/);
  expect(first?.hint).toMatch(/^mend .*landfall-conformance-.*\/hetzner\/provider\.ts$/);
});

test("every rule of levels plan and rehearsal has a provider that breaks it", () => {
  const tried = [...Object.keys(plans), ...Object.keys(rehearsals), ...faults];
  expect(tried.toSorted()).toEqual(
    rulesOf(["plan.", "simulation.", "rehearsal.", "fault."])
      .filter((id) => contractRules.find((rule) => rule.id === id)?.level !== "static")
      .toSorted(),
  );
});
