/** What the text of a `provider.sh` tells without running it. */
export interface ScriptFacts {
  /** Functions that it defines. */
  functions: ReadonlySet<string>;
  /** Whether it reads other files, which may define more. */
  sources: boolean;
  /** The first comment. */
  description: string;
  /** Every PROVIDER_* variable that it uses, with the default that stands beside it, if it is the same everywhere. */
  variables: ReadonlyMap<string, string | undefined>;
  /** The PROVIDER_* variables on the line that writes a variable of the module. */
  assignments: ReadonlyMap<string, readonly string[]>;
}

const mostDescription = 200;

/** Reads text as data. `others` are scripts beside it, which may use variables as well. */
export function scriptFacts(text: string, others: readonly string[] = []): ScriptFacts {
  const code = text.replaceAll(/^\s*#.*$/gm, "");
  const functions = [...code.matchAll(/^[ \t]*(?:function[ \t]+)?([A-Za-z_]\w*)[ \t]*\([ \t]*\)/gm)].map(nameOf);
  const keyword = [...code.matchAll(/^[ \t]*function[ \t]+([A-Za-z_]\w*)/gm)].map(nameOf);
  return {
    functions: new Set([...functions, ...keyword]),
    sources: /^[ \t]*(source|\.|eval)[ \t]+\S/m.test(code),
    description: firstComment(text),
    variables: variablesIn([code, ...others]),
    assignments: assignmentsIn(code),
  };
}

function nameOf([, name = ""]: RegExpExecArray): string {
  return name;
}

function firstComment(text: string): string {
  for (const line of text.split("\n", 20)) {
    if (line.startsWith("#!") || /^#\s*shellcheck\b/.test(line) || /^[#\s]*$/.test(line)) continue;
    if (!line.startsWith("#")) return "";
    return line
      .replace(/^#+/, "")
      .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]+/gu, " ")
      .trim()
      .slice(0, mostDescription);
  }
  return "";
}

function variablesIn(texts: readonly string[]): Map<string, string | undefined> {
  const found = new Map<string, Set<string>>();
  for (const text of texts) {
    for (const [, name = "", standard = ""] of text.matchAll(
      /\b(PROVIDER_[A-Z0-9_]+)(?::?-([^{}$`"'\\\n]{0,200}))?/g,
    )) {
      const defaults = found.get(name) ?? new Set();
      if (standard !== "") defaults.add(standard);
      found.set(name, defaults);
    }
  }
  return new Map(
    [...found].map(([name, defaults]) => [name, defaults.size === 1 ? [...defaults][0] : undefined] as const),
  );
}

function assignmentsIn(code: string): Map<string, string[]> {
  const lines = [...code.matchAll(/^[ \t]*([A-Za-z_][\w-]*)[ \t]*=[ \t]*(.*)$/gm)];
  return new Map(
    lines.map(([, name = "", rest = ""]) => [name, [...rest.matchAll(/\$\{?(PROVIDER_[A-Z0-9_]+)/g)].map(nameOf)]),
  );
}
