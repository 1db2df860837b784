import { attributed, type CodeFile } from "./attributed.ts";
import type { ProviderBehaviour } from "./behaviour.ts";
import { checkedResult } from "./checkedResult.ts";
import type { Setting } from "./Manifest.ts";

type Work = (...args: unknown[]) => unknown;

/** The same functions; what goes wrong in one of them, and what it gives that it must not, is said to be wrong in that file. */
export function attributedBehaviour(
  behaviour: ProviderBehaviour,
  file: CodeFile,
  settings: Readonly<Record<string, Pick<Setting, "computed">>>,
): ProviderBehaviour {
  const computed = Object.keys(settings).filter((key) => settings[key]?.computed === true);
  const entries = Object.entries(behaviour).map(([name, value]) => [
    name,
    name === "actions"
      ? actionsOf(value as Record<string, Work>, file)
      : functionOf(name, (value as Work).bind(behaviour), file, computed),
  ]);
  return Object.fromEntries(entries) as ProviderBehaviour;
}

function functionOf(name: string, work: Work, file: CodeFile, computed: readonly string[]): Work {
  return attributed(
    name,
    async (...args) => {
      const result = checkedResult(name, await work(...args));
      const other = name === "prepare" ? Object.keys(Object(result)).find((key) => !computed.includes(key)) : undefined;
      if (other !== undefined) throw new TypeError(`it gave ${other}, which is no computed setting of provider.yaml`);
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
      attributed(
        `the action ${name}`,
        async (...args: unknown[]) => checkedResult("action", await work.call(actions, ...args)),
        file,
      ),
    ]),
  );
}
