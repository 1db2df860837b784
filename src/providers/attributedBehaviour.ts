import { attributed, type CodeFile } from "./attributed.ts";
import type { ProviderBehaviour } from "./behaviour.ts";

type Work = (...args: unknown[]) => unknown;
type Form = readonly [fits: (result: unknown) => boolean, form: string];

const orphans: Form = [listOf("address", "id", "title"), "a list of { address, id, title }, each a text"];

/** What a function has to give, beyond what types can promise of code that nobody has to check. */
const forms: Readonly<Record<string, Form>> = {
  checkPrerequisites: [listOf("id", "title", "state"), "a list of { id, title, state }"],
  prepare: [(result) => result === undefined || isOf(result, "string"), "an object of settings, each a text"],
  inspectMachine: [
    (result) => ["absent", "stopped", "running", "unknown"].includes(Object(result).state),
    "{ state: absent, stopped, running or unknown }",
  ],
  findOrphans: orphans,
  findNameless: orphans,
};

/** The same functions; what goes wrong in one of them is said to be wrong in that file. */
export function attributedBehaviour(behaviour: ProviderBehaviour, file: CodeFile): ProviderBehaviour {
  const entries = Object.entries(behaviour).map(([name, value]) => [
    name,
    name === "actions"
      ? actionsOf(value as Record<string, Work>, file)
      : functionOf(name, (value as Work).bind(behaviour), file),
  ]);
  return Object.fromEntries(entries) as ProviderBehaviour;
}

function functionOf(name: string, work: Work, file: CodeFile): Work {
  const [fits, form] = forms[name] ?? [];
  return attributed(
    name,
    async (...args) => {
      const result = await work(...args);
      if (fits?.(result) === false) throw new TypeError(`it gave ${shown(result)}, not ${form}`);
      return name === "checkPrerequisites" ? (result as { perform?: Work }[]).map(performing) : result;
    },
    file,
  );

  function performing<T extends { perform?: Work }>(prerequisite: T): T {
    const { perform } = prerequisite;
    return perform === undefined
      ? prerequisite
      : { ...prerequisite, perform: attributed("perform", () => perform.call(prerequisite), file) };
  }
}

function actionsOf(actions: Record<string, Work>, file: CodeFile): Record<string, Work> {
  return Object.fromEntries(
    Object.entries(Object(actions) as Record<string, Work>).map(([name, work]) => [
      name,
      attributed(`the action ${name}`, work.bind(actions), file),
    ]),
  );
}

function listOf(...keys: string[]): (result: unknown) => boolean {
  return (result) =>
    Array.isArray(result) && result.every((item) => keys.every((key) => typeof Object(item)[key] === "string"));
}

function isOf(result: unknown, type: string): boolean {
  return typeof result === "object" && result !== null && Object.values(result).every((value) => typeof value === type);
}

/** Its keys and types alone: values may be secret. */
function shown(result: unknown): string {
  const [item] = Array.isArray(result) ? result : [result];
  if (typeof item !== "object" || item === null) return Array.isArray(result) ? "a list" : String(typeof item);
  const keys = Object.entries(item).map(([key, value]) => `${key}: ${typeof value}`);
  return `${Array.isArray(result) ? "a list of " : ""}{ ${keys.join(", ")} }`;
}
