import type { Problem } from "../errors.ts";
import type { ExpandedValue, Expansion } from "./expandValues.ts";
import { originText } from "./Layers.ts";
import type { Parser } from "./Parsed.ts";
import { placeholderIn } from "./placeholders.ts";

/** Reads typed values out of an expansion and collects what is wrong with them. Placeholders are reported elsewhere. */
export class SettingReader {
  readonly problems: Problem[] = [];
  readonly #expansion: Expansion;

  constructor(expansion: Expansion) {
    this.#expansion = expansion;
  }

  /** The value; undefined where it is absent, or wrong, which is then reported. */
  read<T>(key: string, parser: Parser<T>): T | undefined {
    const value = this.#given(key);
    if (value === undefined) return undefined;
    if (value.secret) {
      const [from] = value.parts.filter((part) => part.kind !== "text");
      const source = from?.kind === "reference" ? from.name : from === undefined ? "another variable" : "${secret:...}";
      this.report(
        key,
        `${key} is made from ${source}, which is secret, but is itself visible to everybody`,
        "use a value that is not secret",
      );
      return undefined;
    }
    const parsed = parser(value.text);
    if ("value" in parsed) return parsed.value;
    if (!this.#isInherited(value))
      this.report(key, `${key} ${value.text === "" ? "is empty" : parsed.message}`, parsed.hint + madeFrom(value));
    return undefined;
  }

  /** Checks a secret, where it is known; the parser's messages must not quote it. */
  checkSecret(key: string, parser: Parser<string>): void {
    const value = this.#given(key);
    const parsed = value === undefined || value.pending.length > 0 ? undefined : parser(value.text);
    if (parsed !== undefined && !("value" in parsed)) this.report(key, `${key} ${parsed.message}`, parsed.hint);
  }

  /** Text that was given and is not empty. */
  text(key: string): string | undefined {
    return this.#given(key)?.text || undefined;
  }

  report(key: string, message: string, hint: string): void {
    const value = this.#expansion.values.get(key);
    const where = value === undefined ? {} : { where: originText(value.origin, value.spelling) };
    this.problems.push({ ...where, key, message, hint });
  }

  #given(key: string): ExpandedValue | undefined {
    const value = this.#expansion.values.get(key);
    return value === undefined || placeholderIn(value.text) !== undefined ? undefined : value;
  }

  /** True where a built-in default only repeats a wrong value that is reported at its own place. */
  #isInherited({ origin, parts }: ExpandedValue): boolean {
    const names = parts.flatMap((part) => (part.kind === "reference" ? [part.name] : []));
    return origin.layer === "built-in" && this.problems.some(({ key }) => key !== undefined && names.includes(key));
  }
}

/** Where a built-in default is wrong, the user has to know which values of theirs it is made from. */
function madeFrom({ key, origin, parts }: ExpandedValue): string {
  const names = parts.flatMap((part) => (part.kind === "reference" ? [part.name] : []));
  if (origin.layer !== "built-in" || names.length === 0) return "";
  return `; its default is made from ${names.join(" and ")}: change those, or set ${key}`;
}
