import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";

/** Reads the name of an environment; `local` is the old name of `development`. Throws AppError `environment.invalid`. */
export function parseEnvironment(name: string): { environment: string; deprecated?: "local" } {
  if (name === "local") return { environment: "development", deprecated: "local" };
  if (/^[a-z][a-z0-9-]{0,30}$/.test(name)) return { environment: name };
  const sentence = name === "" ? "no environment was given" : `"${name}" cannot be the name of an environment`;
  throw new AppError("environment.invalid", sentence, {
    hint: "a name has lower-case letters, digits and hyphens, at most 31, and begins with a letter (make: ENVIRONMENT=NAME)",
    exit: exitCodes.usage,
  });
}
