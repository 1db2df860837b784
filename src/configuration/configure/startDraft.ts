import { generateSecret } from "../generateSecret.ts";
import type { Names } from "../Names.ts";
import type { EnvDraft } from "./EnvDraft.ts";
import { fillGenerated } from "./fillGenerated.ts";
import { mergeTemplate, setEnvValue } from "./mergeEnvText.ts";
import { namesIn } from "./namesIn.ts";
import { entriesOf, splitEnvText } from "./splitEnvText.ts";

type Spellings = Pick<Names, "canonical">;

/**
 * What a file is to say before anybody is asked: all of itself, what its template has besides, the values that are
 * given, and generated secrets.
 * @param template what the template says, with what the manifest adds to it
 */
export function startDraft(
  draft: EnvDraft,
  template: string,
  given: ReadonlyMap<string, string>,
  names: Spellings,
): EnvDraft {
  const wanted = new Set([...given.keys()].map((key) => names.canonical(key)));
  const merged =
    draft.before !== undefined ? mergeTemplate(draft.before, template, wanted, names) : { text: template, added: [] };
  const assigned = [...given].reduce((so, [key, value]) => assign(so, key, value, names), {
    ...draft,
    text: merged.text,
    added: merged.added,
  });
  const { text, generated } = fillGenerated(assigned.text);
  return { ...assigned, text, generated };
}

/** The draft with a key for the state, which an environment can come to need when it becomes protected. */
export function addStateKey(draft: EnvDraft, names: Spellings): EnvDraft {
  const key = "STATE_ENCRYPTION_KEY";
  const isKnown = namesIn({ text: draft.text, template: undefined }).includes(key);
  const text = isKnown
    ? setEnvValue(draft.text, key, generateSecret(), names)
    : fillGenerated(mergeTemplate(draft.text, stateKey, new Set(), names).text).text;
  return { ...draft, text, generated: [...draft.generated, key] };
}

const stateKey = `
# The engine's record of what exists holds private keys, so it is encrypted with this key. Without the key it cannot be
# read any more: keep a copy where you keep your passwords.
STATE_ENCRYPTION_KEY=REPLACE_WITH_SECURE_STATE_KEY
`;

/** The draft with one more value; the same where it says so already. */
export function assign(draft: EnvDraft, key: string, value: string, names: Spellings): EnvDraft {
  const canonical = names.canonical(key);
  const entry = entriesOf(splitEnvText(draft.text)).find((piece) => names.canonical(piece.key) === canonical);
  const [part, ...more] = entry?.parts ?? [];
  const same = part === undefined ? value === "" : part.kind === "text" && more.length === 0 && part.text === value;
  if (entry !== undefined && same) return draft;
  return {
    ...draft,
    text: setEnvValue(draft.text, key, value, names),
    changed: [...draft.changed, entry?.key ?? canonical],
  };
}
