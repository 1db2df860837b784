import { isSecretName } from "./isSecretName.ts";

/** The name of the first entry of a map, or of a URL's query, that is a secret by its name; looks into what is nested. */
export function hiddenSecret(value: unknown): string | undefined {
  if (typeof value === "string") return /^[a-z]+:\/\//i.test(value) ? secretIn(queryNames(value)) : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const own = Array.isArray(value) ? undefined : secretIn(Object.keys(value));
  return (
    own ??
    Object.values(value)
      .map(hiddenSecret)
      .find((name) => name !== undefined)
  );
}

function queryNames(url: string): string[] {
  return [...new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? "").keys()];
}

function secretIn(names: readonly string[]): string | undefined {
  return names.find((name) => {
    const variable = name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");
    return isSecretName(variable) || /(^|_)(AUTHORIZATION|COOKIE)$/.test(variable);
  });
}
