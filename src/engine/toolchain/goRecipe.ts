import { join } from "node:path";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Files } from "../../ports/Files.ts";

/** A folder with go.mod and go.sum that builds one program: its `tool` line says which. */
export interface GoRecipe {
  folder: string;
  /** The package of the `tool` line. */
  package: string;
  /** The module that holds the package. */
  module: string;
  /** Of the module that holds the package, without `v`; a line `// version: 1.2.3` in go.mod overrules it. */
  version: string;
  /** The version of Go that the module asks for. */
  go: string;
}

/** Undefined where the folder has no go.mod. */
export async function readGoRecipe(folder: string, files: Files): Promise<GoRecipe | undefined> {
  const path = join(folder, "go.mod");
  const text = await files.read(path);
  if (text === undefined) return undefined;
  const lines = text.split("\n").map((line) => line.trim());
  const tool = firstMatch(lines, /^tool\s+(\S+)/);
  const required = tool === undefined ? undefined : requiredModule(lines, tool);
  const version = firstMatch(lines, /^\/\/ version:\s*v?(\S+)/) ?? required?.version;
  if (tool === undefined || version === undefined) {
    const missing = tool === undefined ? "no `tool` line" : `no \`require\` for the module of ${tool}`;
    throw new AppError("toolchain.recipe", `${path} says not what to build: ${missing}`, {
      hint: "name the package with `tool`, and the module that holds it with `require`",
      exit: exitCodes.usage,
    });
  }
  return {
    folder,
    package: tool,
    module: required?.module ?? tool,
    version,
    go: firstMatch(lines, /^go\s+(\S+)/) ?? "1.21",
  };
}

/** The longest required module path that the package begins with. */
function requiredModule(lines: readonly string[], tool: string): { module: string; version: string } | undefined {
  const [found] = lines
    .map((line) => /^(?:require\s+)?(\S+\.\S+)\s+v(\S+)/.exec(line))
    .filter((match) => match !== null)
    .filter(([, module]) => tool === module || tool.startsWith(`${module}/`))
    .sort(([, a = ""], [, b = ""]) => b.length - a.length);
  return found === undefined ? undefined : { module: found[1] ?? "", version: found[2] ?? "" };
}

function firstMatch(lines: readonly string[], pattern: RegExp): string | undefined {
  return lines.map((line) => pattern.exec(line)?.[1]).find((found) => found !== undefined);
}
