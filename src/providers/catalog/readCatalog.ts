import { join } from "node:path";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Files } from "../../ports/Files.ts";
import type { Provider } from "../Provider.ts";
import type { Catalog } from "./Catalog.ts";

/** The catalog of a provider whose manifest names one. Throws AppError `provider.catalog` with every problem. */
export async function readCatalog(provider: Pick<Provider, "name" | "folder">, files: Files): Promise<Catalog> {
  const file = join(provider.folder, "catalog.json");
  const text = await files.read(file);
  if (text === undefined)
    throw broken(provider.name, file, ["there is no catalog.json, although the manifest names its settings"]);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw broken(provider.name, file, [`is no JSON: ${error instanceof Error ? error.message : String(error)}`]);
  }
  // Loaded only here: it brings the schema library.
  const { catalogSchema } = await import("./catalogSchema.ts");
  const parsed = catalogSchema.safeParse(data);
  if (parsed.success) return parsed.data as Catalog;
  const messages = parsed.error.issues.map(({ path, message }) => `${path.map(String).join(".") || "it"} ${message}`);
  throw broken(provider.name, file, messages);
}

function broken(name: string, file: string, messages: readonly string[]): AppError {
  return new AppError("provider.catalog", `the catalog of provider ${name} cannot be used`, {
    hint: `mend ${file}`,
    exit: exitCodes.usage,
    problems: messages.map((message) => ({ message, where: file })),
  });
}
