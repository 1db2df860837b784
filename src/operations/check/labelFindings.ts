import type { Finding, Untested } from "../../conformance/Rule.ts";
import type { Files } from "../../ports/Files.ts";
import type { Manifest } from "../../providers/Manifest.ts";
import { parseState, resourcesOf } from "../../stacks/StateContent.ts";
import type { StackPaths } from "../../stacks/stackPaths.ts";
import { withoutKeys } from "../checkAddresses.ts";

/** What clouds call the attributes that can hold labels, as pairs or as a list. */
const kinds = ["labels", "tags", "tags_all", "tag_list", "metadata"] as const;

/** Machine, data disk and address that can bear labels, and do not bear that of the stack. */
export async function labelFindings(
  { state, variables }: Pick<StackPaths, "state" | "variables">,
  { resources }: Pick<Manifest, "resources">,
  files: Files,
): Promise<Finding[] | Untested> {
  const [text, inputs] = [await files.read(state), await files.read(variables)];
  if (text === undefined || inputs === undefined) return { untested: "there is no state" };
  const label = plain((JSON.parse(inputs) as { labels: { stack: string } }).labels.stack);
  const roles = [...resources.machine, ...resources.data, ...resources.address].map(withoutKeys);
  const labelled = resourcesOf(parseState(text), "module.provider")
    .filter(({ address }) => roles.includes(withoutKeys(address)))
    .map(({ address, attributes }) => ({
      address,
      holders: kinds.filter((kind) => canHold(kind, attributes[kind])),
      attributes,
    }))
    .filter(({ holders }) => holders.length > 0);
  if (labelled.length === 0) return { untested: "what is made can bear no labels" };
  return labelled
    .filter(({ holders, attributes }) => !holders.some((kind) => holds(attributes[kind], label)))
    .map(({ address }) => ({
      message: `${address} does not bear the stack's label in any of ${kinds.join(", ")}`,
      hint: "give it var.labels, or a tag with var.labels.stack in it",
    }));
}

/** `metadata` is something else at some clouds; what holds labels there is a map. */
function canHold(kind: (typeof kinds)[number], attribute: unknown): boolean {
  if (kind !== "metadata") return attribute !== undefined;
  return typeof attribute === "object" && attribute !== null && !Array.isArray(attribute);
}

/** As the value of a pair, or somewhere in a tag. */
function holds(attribute: unknown, label: string): boolean {
  if (Array.isArray(attribute)) return attribute.some((tag) => plain(String(tag)).includes(label));
  return Object.values(Object(attribute) as object).some((value) => plain(String(value)) === label);
}

/** Some clouds allow no underscore, some no capital letter. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}
