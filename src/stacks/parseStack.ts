import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { makeStack } from "./makeStack.ts";
import type { Stack } from "./Stack.ts";

const part = /^[a-z][a-z0-9-]{0,30}$/;
const rule = "lower-case letters, digits and hyphens, at most 31, beginning with a letter";
const example =
  "write ENVIRONMENT/PROVIDER, such as production/acme; landfall environments and landfall providers list them";

/** Reads `ENVIRONMENT/PROVIDER`; `local` is the old name of `development`. Throws AppError `stack.invalid`. */
export function parseStack(text: string): { stack: Stack; deprecated?: "local" } {
  const [environment, provider, ...rest] = text.split("/");
  if (environment === undefined || provider === undefined || rest.length > 0) {
    throw invalid(
      text === "" ? "no stack was given" : `"${text}" is not a stack: it has the form ENVIRONMENT/PROVIDER`,
    );
  }
  const wrong = [
    ...complaint("environment", "ENVIRONMENT", environment),
    ...complaint("provider", "PROVIDER", provider),
  ];
  if (wrong.length > 0) throw invalid(`"${text}" is not a stack: ${wrong.join("; ")}`);
  if (environment === "local") return { stack: makeStack("development", provider), deprecated: "local" };
  return { stack: makeStack(environment, provider) };
}

function complaint(word: string, variable: string, name: string): string[] {
  if (name === "") return [`the ${word} is empty (make: ${variable}=NAME)`];
  return part.test(name) ? [] : [`the ${word} "${name}" must be ${rule}`];
}

function invalid(sentence: string): AppError {
  return new AppError("stack.invalid", sentence, { hint: example, exit: exitCodes.usage });
}
