import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";

/** Writes a value so that `parseEnvFile` reads the same text back, and a shell too where it can. Throws `configuration.unwritable` for a NUL. */
export function quoteEnvValue(value: string): string {
  if (value.includes("\0")) {
    throw new AppError("configuration.unwritable", "a value contains a NUL byte, which no variable can hold", {
      hint: "give text without it",
      exit: exitCodes.usage,
    });
  }
  if (/^[A-Za-z0-9_.:/@%+,=-]*$/.test(value)) return value;
  if (!/['\r]/.test(value)) return `'${value}'`;
  return `"${value.replace(/[\\"$`]/g, "\\$&").replaceAll("\r", "\\r")}"`;
}
