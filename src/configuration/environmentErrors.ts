import { AppError, type Problem } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { EnvFile } from "./EnvFile.ts";
import { isGenerated, placeholderOf } from "./placeholders.ts";
import { suggest } from "./suggest.ts";

/** @param file where it was looked for, relative to the root */
export function unknownEnvironment(name: string, file: string, existing: readonly string[]): AppError {
  const meant = suggest(name, existing);
  const list = existing.length === 0 ? "there is no environment yet" : `there are: ${existing.join(", ")}`;
  return new AppError(
    "environment.unknown",
    `there is no environment ${name}: neither ${file} nor ${file}.tpl exists (${list})`,
    {
      hint:
        meant === undefined
          ? `landfall environment new ${name} makes a template for it; or choose one that exists`
          : `did you mean ${meant}?`,
      exit: exitCodes.usage,
    },
  );
}

/** A rehearsal decrypts nothing, and there is nothing else that says the values. */
export function undecryptedEnvironment(name: string, file: string, encrypted: string): AppError {
  return new AppError(
    "environment.encrypted",
    `a rehearsal decrypts nothing: environment ${name} needs a template beside ${encrypted}`,
    { hint: `write ${file}.tpl with the values that are not secret`, exit: exitCodes.usage },
  );
}

/** A template whose values nobody but the user knows. */
export function unconfiguredEnvironment(name: string, file: string, template: EnvFile): AppError {
  const problems = template.entries.flatMap((entry): Problem[] => {
    const placeholder = placeholderOf(entry);
    if (placeholder === undefined) return [];
    const hint = isGenerated(entry) ? "landfall configure generates it" : "your own value";
    return [
      {
        where: `${template.file}:${entry.line}`,
        key: entry.key,
        message: `${entry.key} is still ${placeholder}`,
        hint,
      },
    ];
  });
  return new AppError(
    "environment.unconfigured",
    `environment ${name} is only a template: ${problems.length} of its values are yours to give`,
    {
      hint: `landfall configure ${name} makes ${file} from it: it generates secrets, asks for the rest, or takes --set KEY=VALUE`,
      exit: exitCodes.usage,
      problems,
    },
  );
}
