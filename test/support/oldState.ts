import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface OldResource {
  module?: string;
  type: string;
  name: string;
  attributes: Record<string, unknown>;
}

/** Writes the one state of a shell version's tree, as an engine would. */
export async function writeOldState(root: string, resources: readonly OldResource[]): Promise<string> {
  const directory = join(root, "infrastructure", "terraform");
  await mkdir(directory, { recursive: true });
  const file = join(directory, "terraform.tfstate");
  const state = {
    version: 4,
    terraform_version: "1.8.2",
    serial: 7,
    lineage: "5b0c8bb1-4b6b-0d8e-2ef4-3f1c5b1d9a10",
    outputs: {},
    resources: resources.map(({ module, type, name, attributes }) => ({
      ...(module === undefined ? {} : { module }),
      mode: "managed",
      type,
      name,
      provider: 'provider["registry.opentofu.org/example/example"]',
      instances: [{ schema_version: 0, attributes }],
    })),
  };
  await writeFile(file, JSON.stringify(state, undefined, 2));
  return file;
}
