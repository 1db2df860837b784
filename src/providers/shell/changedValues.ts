import type { Problem } from "../../errors.ts";
import type { FlatModule } from "./wrapFlatModule.ts";

/** Characters that text between quotes in a heredoc does not carry. */
const delicate = /["\\\n\r]|[$%]\{/;

/**
 * Values that did not arrive as they are in the configuration, although the script puts them into a variable of the
 * module. What breaks the text altogether is found when it is read; a backslash may only turn into something else.
 */
export function changedValues({
  values,
  facts,
  environment,
}: Pick<FlatModule, "values" | "facts" | "environment">): Problem[] {
  return [...facts.assignments].flatMap(([variable, from]) => {
    const written = values.get(variable);
    if (typeof written !== "string") return [];
    return from
      .filter((name) => delicate.test(environment[name] ?? "") && !written.includes(environment[name] ?? ""))
      .map((name) => ({
        message: `${name} holds a quote, backslash, line end or template, and ${variable} is something else`,
        key: name,
        hint: "provider_generate_terraform_vars has to escape it",
      }));
  });
}
