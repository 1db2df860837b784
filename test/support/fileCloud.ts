import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { Terminal } from "../../src/ports/Terminal.ts";
import { landfall, userState, type Outcome } from "./landfall.ts";
import { makeTree, type Tree } from "./makeTree.ts";

/**
 * A cloud whose things are files: the engine's own `terraform_data` makes and removes them, and a provider's search
 * reads them. So all that is done with what a search finds can be tried without a plugin. One stack, qa/acme.
 */
export interface FileCloud {
  tree: Tree;
  /** A path in the stack's directory. */
  stack(name: string): string;
  /** Puts a thing there that nobody knows of. */
  put(id: string, resource: string): Promise<void>;
  /** Ids of what exists. */
  ids(): Promise<string[]>;
  /** Things that bear no sign of whose they are. */
  nameless(...things: { address: string; id: string; title: string }[]): Promise<void>;
  /** What the provider says of the machine. */
  machine(report: object): Promise<void>;
  /** Id of what the state knows under a name; undefined where it knows nothing. */
  known(name: string): Promise<string | undefined>;
  /** Everything moves into a module of the folder. */
  nest(name: string): Promise<void>;
  run(argv: readonly string[], terminal?: Partial<Terminal>, pause?: () => Promise<void>): Promise<Outcome>;
  /** With --yes; it has to go well. */
  good(...argv: string[]): Promise<Outcome["result"]>;
  /** Makes the newest run one that was cut off, and says what it was about to do. */
  cutOff(...expected: { address: string; action: string }[]): Promise<void>;
}

export async function makeFileCloud(): Promise<FileCloud> {
  const tree = await makeTree();
  const things = join(tree.root, "things");
  const report = join(tree.root, "machine.json");
  await mkdir(things);
  const nameless = join(tree.root, "nameless.json");
  const folder = await tree.addProvider("acme");
  const change = async (name: string, edit: (text: string) => string): Promise<void> => {
    const file = join(folder, name);
    await writeFile(file, edit(await readFile(file, "utf8")));
  };
  await change("main.tf", () => moduleText(things, join(tree.root, "go")));
  // An import knows nothing but the id.
  await change("outputs.tf", (text) => text.replaceAll(/terraform_data\.machine\.output\.(\w+)/g, "var.vm_name"));
  await change("provider.yaml", (text) =>
    text
      .replace("local: true", 'local: "things are files"')
      .replace('data_disk: "nothing is made"', "data_disk: true")
      .replace(/resources: .*/, "resources: { machine: [terraform_data.machine], data: [terraform_data.data] }"),
  );
  await writeFile(join(folder, "provider.ts"), providerText(things, report, nameless));
  await writeFile(nameless, "[]");
  await writeFile(join(tree.root, "go"), "");
  await writeFile(report, '{ "state": "unknown" }');
  await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa", "VM_MEMORY=512", "VM_VCPUS=1", "VM_DISK_SIZE=10"]);

  const stack = (name: string): string => join(tree.root, "infrastructure/stacks/qa/acme", name);
  const run: FileCloud["run"] = ([verb = "", ...more], terminal = {}, pause = undefined) =>
    landfall(tree.root, [verb, "qa/acme", ...more, "--json"], { SKIP_WAIT: "true" }, terminal, pause);
  return {
    tree,
    stack,
    put: (id, resource) => writeFile(join(things, id), resource),
    ids: async () => (await readdir(things)).toSorted(),
    nameless: (...said) => writeFile(nameless, JSON.stringify(said)),
    machine: (said) => writeFile(report, JSON.stringify(said)),
    async known(name) {
      const state = JSON.parse(await readFile(stack("terraform.tfstate"), "utf8")) as {
        resources: { module?: string; name: string; instances: { attributes: { id: string } }[] }[];
      };
      return state.resources.find((one) => one.module === "module.provider" && one.name === name)?.instances[0]
        ?.attributes.id;
    },
    nest: (name) => nest(folder, name),
    run,
    async good(...argv) {
      const { result, stdout } = await run([...argv, "--yes"]);
      expect(result, stdout.slice(-3000)).toMatchObject({ ok: true });
      return result;
    },
    async cutOff(...expected) {
      const base = join(userState(tree.root), "landfall");
      const outside = join(base, (await readdir(base))[0] ?? "", "qa", "acme", "journal");
      for (const directory of [stack("journal"), outside]) {
        const file = join(directory, (await readdir(directory)).at(-1) ?? "");
        const { closed, ending, left, ...open } = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
        expect([typeof closed, ending, typeof left]).toEqual(["string", "finished", "object"]);
        await writeFile(file, JSON.stringify({ ...open, expected }));
      }
    },
  };
}

async function nest(folder: string, name: string): Promise<void> {
  const below = join(folder, "modules", name);
  await mkdir(below, { recursive: true });
  const text = await readFile(join(folder, "main.tf"), "utf8");
  await writeFile(
    join(below, "main.tf"),
    text.replaceAll("printf terraform_data", `printf module.${name}.terraform_data`),
  );
  await cp(join(folder, "variables.tf"), join(below, "variables.tf"));
  const variables = await readFile(join(folder, "variables.tf"), "utf8");
  const passed = [...variables.matchAll(/^variable "(\w+)"/gm)].map(([, input]) => `  ${input} = var.${input}\n`);
  await writeFile(join(folder, "main.tf"), `module "${name}" {\n  source = "./modules/${name}"\n${passed.join("")}}\n`);
  const manifest = await readFile(join(folder, "provider.yaml"), "utf8");
  await writeFile(
    join(folder, "provider.yaml"),
    manifest.replaceAll("[terraform_data", `[module.${name}.terraform_data`),
  );
}

/** Of a rate limit, as long as there is no file `go`: the disk comes after that. */
function moduleText(things: string, go: string): string {
  const thing = (name: string, more = ""): string => `
resource "terraform_data" "${name}" {
  ${more}
  provisioner "local-exec" { command = "printf terraform_data.${name} > ${things}/\${self.id}" }
  provisioner "local-exec" {
    when    = destroy
    command = "rm -f ${things}/\${self.id}"
  }
}
`;
  return `${thing("machine", "input = { name = var.vm_name, memory = var.vm_memory, motto = var.settings.motto }")}
resource "terraform_data" "limit" {
  triggers_replace = [var.data_disk_size]
  provisioner "local-exec" { command = "test -e ${go} || { echo HTTP 429; exit 1; }" }
}
${thing("data", "count      = var.data_disk_size > 0 ? 1 : 0\n  depends_on = [terraform_data.limit]")}`;
}

function providerText(things: string, report: string, nameless: string): string {
  return `
import { readdirSync, readFileSync, rmSync } from "node:fs";
const [things, report, nameless] = ${JSON.stringify([things, report, nameless])};
export default {
  findOrphans: async () =>
    readdirSync(things).map((id) => {
      const kind = readFileSync(things + "/" + id, "utf8");
      return { address: kind.endsWith(".data") ? kind + "[0]" : kind, id, title: "thing " + id };
    }),
  findNameless: async () => JSON.parse(readFileSync(nameless, "utf8")),
  removeOrphan: async ({ id }) => rmSync(things + "/" + id),
  inspectMachine: async () => JSON.parse(readFileSync(report, "utf8")),
};
`;
}
