import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { claimStrays, settled } from "../unsettled.ts";
import { strayOf } from "./attributed.ts";
import { membersOf } from "./membersOf.ts";
import { requireAcceptance } from "./requireAcceptance.ts";
import type { CodeAccess, CodeOwner } from "./standingOf.ts";

/**
 * What the default export of a file of code in a provider's folder has of `functions` and `values`, be it an object or an instance
 * of a class; undefined where there is no such file. What an object has beyond these is refused. Throws AppError `provider.behaviour`, which names the file, and
 * `provider.notAccepted` for a folder that may not run, whether or not it has that file: what comes next is the engine.
 * The one place where code of a provider begins to run.
 */
export async function loadProviderCode(
  provider: CodeOwner,
  fileName: string,
  { functions, values = [] }: { functions: readonly string[]; values?: readonly string[] },
  access: CodeAccess,
): Promise<object | undefined> {
  await requireAcceptance(provider, access);
  const file = join(provider.folder, fileName);
  const url = pathToFileURL(file).href;
  const known = [...functions, ...values];
  const failure = (what: string, cause?: unknown): AppError =>
    new AppError("provider.behaviour", `the code of provider ${provider.name} ${what}`, {
      hint: `mend ${file}; it may export ${known.join(", ")}`,
      exit: exitCodes.usage,
      problems: [{ message: what, where: file }],
      ...(cause === undefined ? {} : { cause }),
    });

  const claim = (error: unknown): AppError | undefined => strayOf(error, { provider: provider.name, path: file });
  let module: { default?: unknown };
  try {
    claimStrays(file, claim);
    module = await settled(() => import(/* @vite-ignore */ url) as Promise<typeof module>, {
      stuck: () => failure("cannot be loaded: it waits for a promise that nothing is left to settle"),
      claim,
    });
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (isAbsent(error, [file, url])) return undefined;
    throw failure(`cannot be loaded: ${reasonOf(error, file)}`, error);
  }
  const exported = module.default;
  if (typeof exported !== "object" || exported === null) {
    throw failure("has no default export that is an object of functions");
  }
  const unknown = isPlain(exported) ? Object.keys(exported).find((name) => !known.includes(name)) : undefined;
  if (unknown !== undefined) throw failure(`exports ${unknown}, which is none of ${known.join(", ")}`);
  const members = membersOf(exported, known);
  for (const name of functions) {
    if (name in members && typeof members[name] !== "function")
      throw failure(`exports ${name}, which is not a function`);
  }
  return members;
}

/** What else an instance of a class has is its own matter. */
function isPlain(exported: object): boolean {
  return [Object.prototype, null].includes(Object.getPrototypeOf(exported) as object | null);
}

/** Something that the file itself imports and that is missing is another matter. */
function isAbsent(error: unknown, names: readonly string[]): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === "ERR_MODULE_NOT_FOUND" && names.some((name) => String(message).includes(`'${name}' imported`));
}

/** The parser's message names no place; the first line of its stack does. */
function reasonOf(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error);
  const place = error.stack?.split("\n")[0]?.startsWith(`${file}:`) === true ? ` (${error.stack.split("\n")[0]})` : "";
  return `${error.message}${place}`;
}
