import { Script } from "node:vm";

/**
 * Whether a whole text matches a pattern that somebody else wrote; undefined where that takes too long to tell, since
 * some patterns need longer than the universe has. Throws SyntaxError for what is no pattern.
 */
export function matchesInTime(pattern: string, text: string, budgetMs = 300): boolean | undefined {
  if (budgetMs < 1) return undefined;
  // JSON is JavaScript. A pattern that is wrong by itself must not become right inside of the brackets.
  const source = `new RegExp(${JSON.stringify(pattern)}); new RegExp(${JSON.stringify(`^(?:${pattern})$`)}).test(${JSON.stringify(text)})`;
  try {
    return new Script(source).runInThisContext({ timeout: Math.ceil(budgetMs) }) as boolean;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return undefined;
    throw error;
  }
}
