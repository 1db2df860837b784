import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tree } from "./makeTree.ts";
import type { OldResource } from "./oldState.ts";

/** A machine of the shell version, as its state holds it. */
export const oldServer: OldResource = {
  module: "module.acme_infrastructure[0]",
  type: "terraform_data",
  name: "server",
  attributes: { id: "m-17", name: "qa-box" },
};

/** A provider `acme` whose machine can be imported without a plugin, and an environment `qa` with that machine. */
export async function addImportable(tree: Tree): Promise<void> {
  const folder = await tree.addProvider("acme");
  const manifest = await readFile(join(folder, "provider.yaml"), "utf8");
  await writeFile(join(folder, "provider.yaml"), manifest.replace("local: true", 'local: "elsewhere"'));
  await writeImportable(tree, "");
  await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa-box"]);
}

/** @param body of the machine's block: what an import does not know differs */
export async function writeImportable({ root }: Tree, body: string): Promise<void> {
  const folder = join(root, "infrastructure", "terraform", "providers", "acme");
  await writeFile(join(folder, "main.tf"), `resource "terraform_data" "machine" {\n${body}\n}\n`);
  await writeFile(
    join(folder, "outputs.tf"),
    [
      'output "vm_ip" { value = "192.0.2.10" }',
      'output "vm_name" { value = var.vm_name }',
      'output "connection_info" { value = "none" }\n',
    ].join("\n"),
  );
}
