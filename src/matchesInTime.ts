import { runInThisContext } from "node:vm";

/** Whether a whole text matches a pattern; undefined where that takes too long to tell. Throws SyntaxError for no pattern. */
type Matcher = (pattern: string, text: string) => boolean | undefined;

/**
 * Compares texts with patterns that somebody else wrote, some of which need longer than the universe has. All
 * comparisons of one matcher share a budget of processor time, so that a busy computer makes no pattern slow.
 */
export function matchesInTime(budgetMs: number): Matcher {
  let leftMs = budgetMs;
  return (pattern, text) => {
    // A pattern that is wrong by itself must not become right inside of the brackets.
    const alone = new RegExp(pattern);
    const whole = new RegExp(`^(?:${alone.source})$`);
    if (isQuick(pattern, text)) return whole.test(text);
    const source = `new RegExp(${JSON.stringify(whole.source)}).test(${JSON.stringify(text)})`;
    while (leftMs >= 1) {
      const began = processorMs();
      try {
        return runInThisContext(source, { timeout: Math.ceil(leftMs) }) as boolean;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      } finally {
        // At least a little each time, so that it ends whatever the clock says.
        leftMs -= Math.max(processorMs() - began, budgetMs / 1000);
      }
    }
    return undefined;
  };
}

/** Two repetitions that are not repeated themselves take at worst the cube of the length. Starting a watch costs more. */
function isQuick(pattern: string, text: string): boolean {
  const repetitions = pattern.match(/[*+]|\{\d*,\d*\}/g)?.length ?? 0;
  return repetitions <= 2 && !/\)[*+?{]/.test(pattern) && text.length <= 400;
}

function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
