import type { z } from "zod";
import type { Problem } from "../errors.ts";
import { closestName } from "./closestName.ts";
import type { YamlFile } from "./readYaml.ts";

/** What a file is checked against. */
export interface DocumentSchema {
  /** What messages call the whole, such as "the manifest". */
  subject: string;
  /** As JSON Schema. */
  schema: () => Record<string, unknown>;
}

/** One complaint of a schema as problems that say key, line and what is right instead. */
export function describeIssue(issue: z.core.$ZodIssue, yaml: YamlFile, document: DocumentSchema): Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, mostKeys).map((name) => unknownKey(issue.path, name, yaml, document));
  }
  const key = dotted(issue.path);
  const where = yaml.where(issue.path);
  const subject = key === "" ? document.subject : key;
  if (issue.code === "invalid_key") {
    const rule = issue.issues[0]?.message ?? "is not valid";
    const better = spelledAs(String(issue.path.at(-1)), rule.includes("underscores") ? "_" : "-");
    const hint = better === "" ? "rename it" : `write ${better}`;
    return [{ message: `${subject}: a key ${rule}`, where, key, hint }];
  }
  if (issue.path.length > 0 && at(yaml.data, issue.path) === undefined) {
    return [{ message: `${subject} is missing`, where, key, hint: `it ${issue.message}` }];
  }
  return [{ message: `${subject} ${issue.message}`, where, ...(key === "" ? {} : { key }) }];
}

/** The same words in lower case. */
function spelledAs(key: string, joint: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, `$1${joint}$2`)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, joint)
    .replaceAll(/^[^a-z]+|[_-]+$/g, "");
}

function unknownKey(path: readonly PropertyKey[], name: string, yaml: YamlFile, document: DocumentSchema): Problem {
  const known = knownKeys(path, document);
  const similar = closestName(name, known);
  return {
    message: `unknown key "${name}"${path.length === 0 ? "" : ` in ${dotted(path)}`}`,
    where: yaml.where([...path, name]),
    key: dotted([...path, name]),
    hint: similar === undefined ? `known keys: ${known.join(", ")}` : `did you mean "${similar}"?`,
  };
}

/** Each is compared with all known ones. */
const mostKeys = 50;

interface SchemaPart {
  anyOf?: SchemaPart[];
  properties?: Record<string, SchemaPart>;
  additionalProperties?: SchemaPart | boolean;
  items?: SchemaPart;
}

function knownKeys(path: readonly PropertyKey[], { schema }: DocumentSchema): string[] {
  let part: SchemaPart | undefined = schema();
  for (const segment of path) {
    const others: SchemaPart | boolean | undefined = part?.additionalProperties;
    part =
      typeof segment === "number"
        ? part?.items
        : (part?.properties?.[String(segment)] ?? (typeof others === "object" ? others : undefined));
  }
  const parts = [part, ...(part?.anyOf ?? [])];
  return [...new Set(parts.flatMap((one) => Object.keys(one?.properties ?? {})))];
}

function at(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, segment) => (typeof value === "object" && value !== null ? Reflect.get(value, segment) : undefined),
    data,
  );
}

function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join(".");
}
