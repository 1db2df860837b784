import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contractRules } from "../src/conformance/contractRules.ts";
import { checkMutated, type Mutation } from "./support/conformance.ts";
import { repository } from "./support/makeTree.ts";

const source = join(repository, "test", "fixtures", "providers", "gale");
const good = { source, template: join(source, "gale.env.tpl"), level: "static" };
const manifest = "provider.yaml";

/** One small change that breaks this rule, and no other. */
const mutations: Record<string, (change: Mutation) => Promise<void>> = {
  "manifest.readable": ({ append }) => append(manifest, "a: [\n"),
  "manifest.contract": ({ replace }) => replace(manifest, "contract: 1", "contract: 7"),
  "manifest.name": ({ replace }) => replace(manifest, "name: gale", "name: storm"),
  "manifest.keys": ({ append }) => append(manifest, "colour: blue\n"),
  "manifest.values": ({ replace }) => replace(manifest, "title: Gale", "title: [Gale]"),
  "manifest.description": ({ replace }) => replace(manifest, "every other respect", "every other respect."),
  "settings.secret": ({ replace }) => replace(manifest, "    environment: GALE_TOKEN\n", ""),
  "settings.computed": ({ replace }) => replace(manifest, "computed: true", "computed: true\n    required: true"),
  "settings.environment": ({ replace }) => replace(manifest, "GALE_TOKEN", "LD_PRELOAD"),
  "settings.aliases": ({ replace }) => replace(manifest, "GALE_API_TOKEN", "PROVIDER_GALE_REGION"),
  "settings.pattern": ({ replace }) => replace(manifest, "examples: [north, south]", "examples: [west]"),
  "settings.described": ({ replace }) => replace(manifest, "description: Where the server stands", 'description: ""'),
  "settings.form": ({ replace }) => replace(manifest, "Where the server stands", "where the server stands"),
  "settings.secretPattern": ({ replace }) => replace(manifest, '    pattern: "^[a-z0-9]{24}$"\n', ""),
  "settings.prepared": ({ replace }) => replace("provider.ts", /prepare/g, "ready"),
  "defaults.sizes": ({ replace }) => replace(manifest, "vm_memory: 2048", "vm_memory: 128"),
  "capabilities.values": ({ replace }) => replace(manifest, "ipv6: true", "ipv6: [true]"),
  "capabilities.declared": ({ replace }) => replace(manifest, '  console: "nobody listens there"\n', ""),
  "capabilities.reasons": ({ replace }) => replace(manifest, "nobody listens there", "no"),
  "timeouts.values": ({ replace }) => replace(manifest, "ssh: 300", "ssh: soon"),
  "timeouts.bounds": ({ replace }) => replace(manifest, "ssh: 300", "ssh: 7200"),
  "prerequisites.purpose": ({ replace }) => replace(manifest, "shows the console", "console"),
  "resources.addresses": ({ replace }) => replace(manifest, "[gale_volume.data]", '["the disk"]'),
  "resources.machine": ({ replace }) => replace(manifest, "  machine: [gale_server.vm]\n", ""),
  "resources.exist": ({ replace }) => replace(manifest, "gale_server.vm.type", "gale_box.vm.type"),
  "resources.data": ({ replace }) => replace(manifest, "  data: [gale_volume.data]\n", ""),
  "resources.address": ({ replace }) => replace(manifest, "  address: [gale_address.address]\n", ""),
  "catalog.settings": ({ replace }) => replace(manifest, "type: server_type", "type: size"),
  "catalog.valid": ({ replace }) => replace("catalog.json", '"EUR"', '"euros"'),
  "catalog.date": ({ replace }) => replace("catalog.json", "2026-09-03", "2026-09-31"),
  "catalog.source": ({ replace }) => replace("catalog.json", "https://example.org/prices", "hearsay"),
  "catalog.unique": ({ replace }) => replace("catalog.json", '"name": "g2"', '"name": "g1"'),
  "catalog.successors": ({ replace }) => replace("catalog.json", '"successor": "g1"', '"successor": "g9"'),
  "catalog.sizes": ({ replace }) => replace("catalog.json", '"memory": 8192', '"memory": 6144'),
  "module.valid": ({ append }) => append("main.tf", "resource {\n"),
  "module.inputs": ({ replace }) => replace("variables.tf", /variable "use_minimal_config" \{[^}]*\}\n/, ""),
  "module.types": ({ replace }) => replace("variables.tf", /(variable "vm_vcpus" \{[^}]*)number/, "$1string"),
  "module.required": ({ append }) => append("variables.tf", 'variable "colour" {\n  description = "Of the case"\n}\n'),
  "module.settingsType": ({ replace }) =>
    replace("variables.tf", /type = object\(\{\n    region[^}]*\}\)/, "type = any"),
  "module.settings": ({ replace }) => replace("variables.tf", /\n.*"north"\)/, ""),
  "module.secrets": ({ replace }) =>
    replace("variables.tf", "    region ", "    token = optional(string)\n    region "),
  "module.undeclared": ({ replace }) =>
    replace("variables.tf", "    region ", "    hue = optional(string)\n    region "),
  "module.outputs": ({ replace }) => replace("outputs.tf", 'output "vm_name"', 'output "name"'),
  "module.plainOutputs": ({ replace }) =>
    replace("outputs.tf", 'output "vm_ip" {', 'output "vm_ip" {\n  sensitive = true'),
  "module.noDefaults": ({ replace }) =>
    replace("variables.tf", 'variable "vm_disk_size" {', 'variable "vm_disk_size" {\n  default = 20'),
  "module.ownVariables": ({ append }) =>
    append("variables.tf", 'variable "colour" {\n  description = "Of the case"\n  default = "blue"\n}\n'),
  "module.userData": ({ replace }) => replace("variables.tf", "  sensitive   = true\n", ""),
  "module.described": ({ replace }) => replace("outputs.tf", '  description = "IPv4 address"\n', ""),
  "module.dataDiskId": ({ replace }) => replace("outputs.tf", 'output "data_disk_id"', 'output "volume"'),
  "module.ipv6": ({ replace }) => replace("outputs.tf", 'output "ipv6_address"', 'output "ipv6"'),
  "module.login": ({ replace }) => replace(manifest, "user_data: true", 'user_data: "it has booted long ago"'),
  "module.labels": ({ replace }) => replace("main.tf", /var\.labels/g, "{}"),
  "hcl.provisioners": ({ append }) =>
    append("main.tf", 'resource "terraform_data" "a" {\n  provisioner "local-exec" { command = "true" }\n}\n'),
  "hcl.language": ({ write }) => write("more.tf.json", '{ "locals": { "a": 1 } }'),
  "hcl.external": ({ replace, append }) =>
    replace(
      "main.tf",
      "    gale = {",
      '    external = {\n      source = "a/external"\n      version = "1.0.0"\n    }\n    gale = {',
    ).then(() => append("main.tf", 'data "external" "a" {\n  program = ["true"]\n}\n')),
  "hcl.backend": ({ append }) => append("main.tf", 'terraform {\n  backend "local" {\n    path = "here"\n  }\n}\n'),
  "hcl.emptyProvider": ({ append }) => append("main.tf", 'provider "gale" {}\n'),
  "hcl.credentials": ({ append }) => append("main.tf", 'provider "gale" {\n  token = "abc"\n}\n'),
  "hcl.modules": ({ append }) => append("main.tf", 'module "a" {\n  source = "example.org/a/b"\n}\n'),
  "hcl.files": ({ append }) => append("main.tf", 'locals {\n  a = file("/etc/hostname")\n}\n'),
  "hcl.plugins": ({ append }) => append("main.tf", 'resource "storm_box" "a" {}\n'),
  "hcl.versions": ({ replace }) => replace("main.tf", ">= 1.0.0, < 2.0.0", ">= 1.0.0"),
  "hcl.engine": ({ append }) => append("main.tf", 'terraform {\n  required_version = "~> 1.10.0"\n}\n'),
  "plugin.declared": ({ replace }) => replace("main.tf", 'source  = "gale/gale"', 'source  = "storm/gale"'),
  "plugin.recipe": ({ remove }) => remove("plugin/go.sum"),
  "plugin.version": ({ replace }) => replace("plugin/go.mod", "v1.2.3", "v2.2.3"),
  "plugin.noReplace": ({ append }) => append("plugin/go.mod", "\nreplace example.org/a => ../a\n"),
  "code.imports": ({ replace }) =>
    replace("provider.ts", "import type", 'import { readFileSync } from "node:fs";\nimport type'),
  "code.effects": ({ replace }) => replace("provider.ts", 'image_id: "17"', 'image_id: process.env["IMAGE"] ?? ""'),
  "code.export": ({ replace }) => replace("rehearsal.ts", "export default rehearsal", "export { rehearsal }"),
  "code.language": ({ append }) => append("provider.ts", "enum Colour {\n  blue,\n}\n"),
  "code.findOrphans": ({ replace }) => replace("provider.ts", /findOrphans/g, "search"),
  "code.inspectMachine": ({ replace }) => replace("provider.ts", /inspectMachine/g, "inspect"),
  "code.actions": ({ replace }) => replace("provider.ts", /blow/g, "breathe"),
  "rehearsal.endpoint": ({ replace }) => replace(manifest, /endpoint: .*\n/, ""),
  "rehearsal.present": ({ replace, remove }) =>
    replace(manifest, /endpoint: .*\n/, "").then(() => remove("rehearsal.ts")),
  "readme.present": ({ replace }) => replace("README.md", "# Gale", "Gale"),
  "readme.account": ({ replace }) => replace("README.md", "## Account and token", "## Before"),
  "readme.costs": ({ replace }) => replace("README.md", "## What it costs", "## Money"),
  "readme.limits": ({ replace }) => replace("README.md", "## Limits", "## Not"),
  "readme.rehearsal": ({ replace }) => replace("README.md", "## Rehearsal", "## Play"),
  "files.size": ({ write }) => write("notes.txt", "a ".repeat(600_000)),
  "files.links": ({ link }) => link("/etc/hostname", "hostname"),
  "files.modes": ({ makeExecutable }) => makeExecutable("provider.yaml"),
  "files.leftovers": ({ write }) => write("terraform.tfstate", "{}"),
  "files.secrets": ({ append }) => append("README.md", `\nUse ghp_${"a1B2c3".repeat(6)}.\n`),
  "lock.kept": ({ write }) => write(".gitignore", "*.hcl\n"),
  "lock.complete": ({ replace }) => replace(".terraform.lock.hcl", /hashes = \[[^\]]*\]/, "hashes = []"),
  "lock.present": ({ remove }) => remove(".terraform.lock.hcl"),
  "template.parses": ({ append }) => append("TEMPLATE", "what is this\n"),
  "template.keys": ({ append }) => append("TEMPLATE", "PROVIDER_GALE_COLOUR=blue\n"),
  "template.complete": ({ replace }) => replace("TEMPLATE", "#PROVIDER_GALE_REGION=north\n", ""),
};

const staticRules = contractRules.filter(({ level }) => level === "static");

test("the good example keeps every static rule, and each of them is tried", async () => {
  const { broken, verdicts, status } = await checkMutated(good, async () => undefined);
  expect(broken).toEqual([]);
  expect(verdicts.filter(({ verdict }) => verdict === "untested")).toEqual([]);
  expect([status, verdicts.length]).toEqual([0, staticRules.length]);
});

test("a default that the module cannot take breaks a rule, with its line", async () => {
  const { broken, verdicts } = await checkMutated(good, async ({ replace }) => {
    await replace("variables.tf", /region( *)= optional\(string, "north"\)/, "region$1= optional(bool)");
  });
  expect(broken).toEqual(["module.settings"]);
  const [finding] = verdicts.find(({ id }) => id === "module.settings")?.findings ?? [];
  expect(finding?.message).toBe('settings.region: "north" is no bool, which the module makes of it');
  expect(finding?.where).toMatch(/gale\/provider\.yaml:\d+$/);
});

test("every static rule has a provider that breaks it", () => {
  expect(Object.keys(mutations).sort()).toEqual(staticRules.map(({ id }) => id).sort());
});

test("ids of rules are unique, and there are many", () => {
  expect(new Set(contractRules.map(({ id }) => id)).size).toBe(contractRules.length);
  expect(contractRules.length).toBeGreaterThan(100);
});

describe("one mutation breaks exactly one rule", () => {
  test.each(staticRules.map(({ id, mandatory }) => [id, mandatory] as const))("%s", async (id, mandatory) => {
    const { broken, verdicts, status } = await checkMutated(good, mutations[id] ?? (async () => undefined));
    expect(broken).toEqual([id]);
    expect(status).toBe(mandatory ? 1 : 0);
    const findings = verdicts.find((verdict) => verdict.id === id)?.findings ?? [];
    for (const finding of findings) expect(finding.where, finding.message).toMatch(/gale/);
  });
});
