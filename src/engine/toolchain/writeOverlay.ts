import { isAbsolute, join, normalize, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Ports } from "../../ports/Ports.ts";
import type { Overlay } from "../../providers/behaviour.ts";
import { goEnvironment } from "./findGo.ts";
import type { GoRecipe } from "./goRecipe.ts";

export interface WrittenOverlay {
  /** Arguments of `go build`. */
  arguments: readonly string[];
  /** Temporary; holds everything that the arguments name. */
  directory: string;
}

/** Where the recipe has an `overlay.ts`: asks it which files of the module it replaces. Throws AppError `toolchain.overlay`. */
export async function writeOverlay(recipe: GoRecipe, go: string, ports: Ports): Promise<WrittenOverlay | undefined> {
  const { files } = ports;
  const source = join(recipe.folder, "overlay.ts");
  if (!(await files.exists(source))) return undefined;
  const module = await moduleDirectory(recipe, go, ports);
  const inModule = (path: string): string => {
    const whole = normalize(join(module, path));
    if (isAbsolute(path) || !whole.startsWith(`${module}/`))
      throw failed(source, `${path} is not a path inside the module`);
    return whole;
  };
  let replaced: Readonly<Record<string, string>>;
  try {
    const { default: overlay } = (await import(/* @vite-ignore */ pathToFileURL(source).href)) as { default: Overlay };
    replaced = await overlay(async (path) => {
      const text = await files.read(inModule(path));
      if (text === undefined) throw new Error(`the module has no ${path}`);
      return text;
    });
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw failed(source, error instanceof Error ? error.message : String(error));
  }
  const directory = await files.temporaryDirectory("landfall-overlay-");
  // Go replaces nothing below its module cache: the module is built through a link that stands elsewhere. It was checked
  // against go.sum when it was fetched.
  const link = join(directory, "module");
  await files.link(module, link);
  const replace: Record<string, string> = {};
  for (const [index, [path, text]] of Object.entries(replaced).entries()) {
    const copy = join(directory, `${index}.go`);
    await files.write(copy, text);
    replace[join(link, relative(module, inModule(path)))] = copy;
  }
  await files.write(join(directory, "overlay.json"), JSON.stringify({ Replace: replace }));
  await files.write(
    join(directory, "go.mod"),
    redirected((await files.read(join(recipe.folder, "go.mod"))) ?? "", recipe.module, link),
  );
  await files.copy(join(recipe.folder, "go.sum"), join(directory, "go.sum"));
  return {
    arguments: ["-modfile", join(directory, "go.mod"), "-overlay", join(directory, "overlay.json")],
    directory,
  };
}

/** The same go.mod, with the module taken from a directory. */
function redirected(text: string, module: string, directory: string): string {
  const lines = text.split("\n").filter((line) => !line.trim().startsWith(`replace ${module} `));
  return `${lines.join("\n").trimEnd()}\n\nreplace ${module} => ${directory}\n`;
}

/** Where Go keeps the module that is built; fetches it first. */
async function moduleDirectory({ folder, module }: GoRecipe, go: string, ports: Ports): Promise<string> {
  const options = { program: go, directory: folder, environment: goEnvironment(ports), timeoutMs: 900_000 };
  const fetched = await ports.processes.run({ ...options, arguments: ["mod", "download", module] });
  const listed = await ports.processes.run({
    ...options,
    arguments: ["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", module],
  });
  const directory = listed.stdout.trim();
  if (fetched.status === 0 && listed.status === 0 && directory !== "") return directory;
  throw new AppError("toolchain.buildFailed", `the module ${module} cannot be fetched (${folder})`, {
    hint: "check that the Go module proxy can be reached (GOPROXY), then run the same command again",
    problems: `${fetched.stderr}\n${listed.stderr}`
      .trim()
      .split("\n")
      .slice(-8)
      .map((message) => ({ message })),
  });
}

function failed(source: string, why: string): AppError {
  return new AppError("toolchain.overlay", `${source} cannot be used: ${why}`, {
    hint: "mend it, or remove it: then the whole module is built",
    exit: exitCodes.usage,
  });
}
