import { cleanText } from "./cleanText.ts";
import { errorText } from "./errorText.ts";
import type { Reporter, ReporterOptions } from "./Reporter.ts";

/** Results and errors only. */
export function createSilentReporter({ stdout, stderr }: ReporterOptions): Reporter {
  return {
    emit: () => undefined,
    result: ({ text }) => void (text !== "" && stdout.write(`${cleanText(text)}\n`)),
    error: (error) => void stderr.write(`${cleanText(errorText(error))}\n`),
    close: () => undefined,
  };
}
