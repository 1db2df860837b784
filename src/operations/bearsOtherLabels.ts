/** What tells the things of one stack from those of another. */
const keys = ["project", "stack"] as const;

/** Whether something bears the labels of another stack, however its cloud keeps them: as a map, or as tags `KEY:VALUE`. */
export function bearsOtherLabels(
  attributes: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, string>>,
): boolean {
  return Object.values(attributes).some((value) =>
    keys.some((key) => labelsIn(value, key).some((label) => plain(label) !== plain(own[key] ?? ""))),
  );
}

function labelsIn(value: unknown, key: string): string[] {
  if (Array.isArray(value)) {
    const tags = value.filter((tag) => typeof tag === "string");
    return tags.filter((tag) => tag.startsWith(`${key}:`)).map((tag) => tag.slice(key.length + 1));
  }
  const label = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof label === "string" ? [label] : [];
}

/** Some clouds allow fewer characters than others. */
function plain(label: string): string {
  return label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 63);
}
