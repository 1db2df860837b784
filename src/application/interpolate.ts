/** Names that a text of compose.yaml refers to; `$$` is a dollar sign. */
export function referencesIn(text: string): string[] {
  return [...text.matchAll(/\$(?:\$|\{([A-Za-z_]\w*)|([A-Za-z_]\w*))/g)].flatMap(
    ([, braced, bare]) => braced ?? bare ?? [],
  );
}

/** As compose replaces variables: what is not set is empty. */
export function interpolate(text: string, values: Readonly<Record<string, string>>): string {
  const pattern = /\$(?:\$|\{([A-Za-z_]\w*)(?:(:?[-+?])([^{}]*))?\}|([A-Za-z_]\w*))/g;
  return text.replaceAll(pattern, (whole, braced?: string, operator?: string, word?: string, bare?: string) => {
    if (whole === "$$") return "$";
    const value = values[braced ?? bare ?? ""];
    const given = value !== undefined && (operator?.startsWith(":") !== true || value !== "");
    if (operator?.endsWith("-") === true) return given ? (value ?? "") : (word ?? "");
    if (operator?.endsWith("+") === true) return given ? (word ?? "") : "";
    return value ?? "";
  });
}
