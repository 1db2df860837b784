import type { Problem } from "../errors.ts";
import type { ExpandedValue, Expansion } from "./expandValues.ts";
import { originText } from "./Layers.ts";
import { applicationSecrets } from "./knownVariables.ts";
import { placeholderIn } from "./placeholders.ts";
import { sampleSecret } from "./sampleSecret.ts";

const shortest = 16;

/** What a password is too easily guessed from. */
const publicNames = [
  "MYSQL_USER",
  "MYSQL_DATABASE",
  "VM_NAME",
  "PROJECT",
  "DOMAIN_NAME",
  "CERTBOT_EMAIL",
  "ENVIRONMENT",
];

/**
 * Secrets that somebody would guess. Length and reuse are judged only where the operator chooses freely: in the
 * application's secrets and the key of the state, not in what a cloud or another service gave out. Messages never quote a value.
 */
export function weakSecrets({ values }: Expansion): Problem[] {
  const secrets = [...values.values()].filter(({ key, text, secret, parts }) => {
    if (!secret || text === "" || placeholderIn(text) !== undefined) return false;
    return isOwn(key) || parts.every((part) => part.kind === "text");
  });
  const first = new Map<string, ExpandedValue>();
  return secrets.toSorted(ownFirst).flatMap((value): Problem[] => {
    const earlier = first.get(value.text);
    first.set(value.text, earlier ?? value);
    const known = value.pending.length === 0;
    const why =
      (known ? weakness(value, values) : undefined) ?? (earlier === undefined ? undefined : reuse(value, earlier));
    if (why === undefined) return [];
    const { key, origin, spelling } = value;
    const hint = why.hint ?? (isOwn(key) ? "write a random value instead: openssl rand -hex 20" : "write the real one");
    return [{ where: originText(origin, spelling), key, message: `${spelling} ${why.message}`, hint }];
  });
}

type Weakness = Pick<Problem, "message" | "hint"> | undefined;

function weakness({ key, text }: ExpandedValue, values: Expansion["values"]): Weakness {
  const sample = sampleSecret(text);
  if (sample !== undefined) return { message: sample };
  const same = (other: string | undefined) => other !== undefined && other.toLowerCase() === text.toLowerCase();
  if (same(key)) return { message: "is its own name" };
  const twin = publicNames.find((name) => same(values.get(name)?.text));
  if (twin !== undefined) return { message: `is the same as ${twin}` };
  const { length } = [...text];
  if (!isOwn(key) || length >= shortest) return undefined;
  return { message: `has ${length} characters; at least ${shortest} are needed outside development` };
}

function reuse({ key }: ExpandedValue, earlier: ExpandedValue): Weakness {
  if (!isOwn(key) && !isOwn(earlier.key)) return undefined;
  const place = originText(earlier.origin, earlier.spelling);
  return {
    message: `has the same value as ${earlier.spelling} (${place})`,
    hint: "give each its own, so that nobody who learns one has the other: openssl rand -hex 20",
  };
}

function isOwn(key: string): boolean {
  return applicationSecrets.includes(key) || key === "STATE_ENCRYPTION_KEY";
}

/** So that of two equal values the application's is the one that is compared with. */
function ownFirst(a: ExpandedValue, b: ExpandedValue): number {
  return Number(isOwn(b.key)) - Number(isOwn(a.key));
}
