import { createHash } from "node:crypto";

/** What every secret of a test carries. Sixteen hexadecimal digits: no secret has a form in which they cannot stand. */
export const marker = "c4a417e5d00dfeed";

/**
 * A secret for a test: `length` hexadecimal digits, others for each name. Whatever shows it, the run fails:
 * CONTRIBUTING.md says how it is searched for, and where a test may write it.
 */
export function canary(name: string, length = 32): string {
  if (length < marker.length) throw new Error(`a canary has at least ${marker.length} digits`);
  let digits = marker;
  while (digits.length < length) digits += createHash("sha256").update(`${name} ${digits}`).digest("hex");
  return digits.slice(0, length);
}

/** What tests of the search itself show on purpose, in arguments too. */
export const planted = canary("a secret that is planted", 40);

/** How a text looks after what programs do to texts: escaped for JSON or a URL, as base64 at any offset, in hexadecimal. */
export function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const json = JSON.stringify(text).slice(1, -1);
  const go = json.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  const base64 = [0, 1, 2].map((skipped) => {
    const digits = Buffer.concat([Buffer.alloc(skipped), bytes]).toString("base64");
    // The first digits depend on what stands before, the last ones on what follows.
    return digits.slice(skipped === 0 ? 0 : skipped + 1, Math.floor(((skipped + bytes.length) * 4) / 3));
  });
  const all = [
    text,
    text.toUpperCase(),
    json,
    go,
    JSON.stringify(json).slice(1, -1),
    encodeURIComponent(text),
    ...base64,
  ];
  const forms = [
    ...all,
    ...base64.map((digits) => digits.replaceAll("+", "-").replaceAll("/", "_")),
    bytes.toString("hex"),
  ];
  return [...new Set(forms)].filter(({ length }) => length >= 6);
}

/** What stands around the first place where a secret shows in a text; undefined where none does. */
export function findSecret(text: string | Buffer, secrets: readonly string[] = [marker]): string | undefined {
  for (const form of secrets.flatMap(known)) {
    const at = text.indexOf(form);
    if (at < 0) continue;
    const [from, to] = [Math.max(0, at - 60), at + form.length + 12];
    return (typeof text === "string" ? text.slice(from, to) : text.toString("latin1", from, to)).replace(
      /[^\x20-\x7e]+/g,
      " ",
    );
  }
  return undefined;
}

const forms = new Map<string, string[]>();

function known(secret: string): string[] {
  const found = forms.get(secret) ?? formsOf(secret);
  forms.set(secret, found);
  return found;
}
