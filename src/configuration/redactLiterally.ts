/** Shorter texts are not looked for: they would make everything unreadable and tell themselves by that. */
const shortest = 4;

/** The text without any of the secrets, as they are. */
export function redactLiterally(text: string, secrets: readonly string[]): string {
  return secrets
    .map((secret) => secret.trim())
    .filter(({ length }) => length >= shortest)
    .sort((a, b) => b.length - a.length)
    .reduce((result, secret) => result.replaceAll(secret, "***"), text);
}
