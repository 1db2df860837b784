import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { ProviderBehaviour } from "./behaviour.ts";
import type { Provider } from "./Provider.ts";

const functions: Record<keyof ProviderBehaviour, true> = {
  checkPrerequisites: true,
  prepare: true,
  stopMachine: true,
  cleanUp: true,
  inspectMachine: true,
};

/**
 * Loads the provider's own code, `provider.ts`; without that file a provider has no behaviour of its own.
 * Throws AppError `provider.behaviour`, which names the file. The one place where code of a provider begins to run.
 */
export async function loadBehaviour(provider: Pick<Provider, "name" | "folder">): Promise<ProviderBehaviour> {
  const file = join(provider.folder, "provider.ts");
  const url = pathToFileURL(file).href;
  let module: { default?: unknown };
  try {
    module = (await import(/* @vite-ignore */ url)) as typeof module;
  } catch (error) {
    if (isAbsent(error, [file, url])) return {};
    throw failure(provider, file, `cannot be loaded: ${reasonOf(error, file)}`, error);
  }
  const behaviour = module.default;
  if (typeof behaviour !== "object" || behaviour === null) {
    throw failure(provider, file, "has no default export that is an object of functions");
  }
  for (const [name, value] of Object.entries(behaviour)) {
    if (!Object.hasOwn(functions, name)) {
      throw failure(provider, file, `exports ${name}, which is none of ${Object.keys(functions).join(", ")}`);
    }
    if (typeof value !== "function") throw failure(provider, file, `exports ${name}, which is not a function`);
  }
  return behaviour;
}

/** Something that `provider.ts` itself imports and that is missing is another matter. */
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

function failure({ name }: { name: string }, file: string, what: string, cause?: unknown): AppError {
  return new AppError("provider.behaviour", `the code of provider ${name} ${what}`, {
    hint: `mend ${file}; it may export ${Object.keys(functions).join(", ")}`,
    exit: exitCodes.usage,
    problems: [{ message: what, where: file }],
    ...(cause === undefined ? {} : { cause }),
  });
}
