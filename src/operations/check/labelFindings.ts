import type { Finding, Untested } from "../../conformance/Rule.ts";
import type { Files } from "../../ports/Files.ts";
import type { Manifest } from "../../providers/Manifest.ts";

interface StateResource {
  mode: string;
  type: string;
  name: string;
  instances: { attributes?: Record<string, unknown> }[];
}

/** Machine, data disk and address that can bear labels, and do not bear that of the stack. */
export async function labelFindings(
  state: string,
  { resources }: Pick<Manifest, "resources">,
  files: Files,
): Promise<Finding[] | Untested> {
  const text = await files.read(state);
  if (text === undefined) return { untested: "there is no state" };
  const known = (JSON.parse(text) as { resources: StateResource[] }).resources;
  const roles = [...resources.machine, ...resources.data, ...resources.address].map((address) =>
    address.replace(/\[.*$/, ""),
  );
  let tried = 0;
  const findings = known
    .filter(({ mode, type, name }) => mode === "managed" && roles.includes(`${type}.${name}`))
    .flatMap(({ type, name, instances }) =>
      instances.flatMap(({ attributes = {} }): Finding[] => {
        const kinds = ["labels", "tags"].filter((kind) => kind in attributes);
        if (kinds.length === 0) return [];
        tried += 1;
        // As every cloud writes it: some allow no underscore.
        if (kinds.some((kind) => /check.[a-z]/.test(JSON.stringify(attributes[kind])))) return [];
        return [{ message: `${type}.${name} does not bear the stack's label`, hint: "give it var.labels" }];
      }),
    );
  return tried === 0 ? { untested: "what is made can bear no labels" } : findings;
}
