import { join, relative } from "node:path";
import type { Files } from "../../ports/Files.ts";
import { decodeEnvFile } from "../decodeEnvFile.ts";
import { EnvText } from "./EnvText.ts";
import { parseTfvars, type TfvarsFile } from "./parseTfvars.ts";

export interface OldEnvFile {
  /** Of the environment or provider, as it is called today. */
  name: string;
  /** Absolute. */
  path: string;
  content: EnvText;
}

export interface OldTree {
  /** Absolute. */
  root: string;
  environments: readonly OldEnvFile[];
  /** Files of environments that another file stands for. */
  superseded: readonly { file: string; by: string }[];
  providers: readonly OldEnvFile[];
  tfvars: readonly TfvarsFile[];
  /** The one state of everything, where there is one. Absolute. */
  state: string | undefined;
}

/** Everything that the shell version kept below `root`, read as data. Messages name files relative to it. */
export async function readOldTree(root: string, files: Files): Promise<OldTree> {
  const configuration = join(root, "infrastructure", "config");
  const terraform = join(root, "infrastructure", "terraform");
  const shown = (path: string): string => relative(root, path);
  const read = async (name: string, path: string): Promise<OldEnvFile> => {
    const { text } = decodeEnvFile((await files.readBytes(path)) ?? new Uint8Array(), shown(path));
    return { name, path, content: new EnvText(text, shown(path)) };
  };
  const list = async (directory: string, pattern: RegExp): Promise<string[]> =>
    ((await files.list(directory)) ?? []).filter((name) => pattern.test(name));

  const folder = join(configuration, "environments");
  const found = new Map<string, string[]>();
  for (const file of await list(folder, /\.(env|defaults)$/)) {
    const old = file.replace(/\.(env|defaults)$/, "");
    const name = old === "local" ? "development" : old;
    found.set(name, [...(found.get(name) ?? []), file]);
  }
  const environments: OldEnvFile[] = [];
  const superseded: { file: string; by: string }[] = [];
  for (const [name, candidates] of found) {
    const [best = "", ...others] = candidates.toSorted((a, b) => rank(a, name) - rank(b, name));
    environments.push(await read(name, join(folder, best)));
    superseded.push(...others.map((file) => ({ file: shown(join(folder, file)), by: best })));
  }

  const own = join(configuration, "providers");
  const providers = await list(own, /\.env$/);
  const tfvars = await list(terraform, /^(terraform|local)\.tfvars$|\.auto\.tfvars$/);
  const state = join(terraform, "terraform.tfstate");
  return {
    root,
    environments,
    superseded,
    providers: await Promise.all(providers.map((file) => read(file.replace(/\.env$/, ""), join(own, file)))),
    tfvars: await Promise.all(
      tfvars.map(async (file) =>
        parseTfvars((await files.read(join(terraform, file))) ?? "", shown(join(terraform, file))),
      ),
    ),
    state: (await files.exists(state)) ? state : undefined,
  };
}

/** The file that an environment was run with comes first: its values, then its older name, then mere defaults. */
function rank(file: string, name: string): number {
  return (file.endsWith(".env") ? 0 : 2) + (file.startsWith(`${name}.`) ? 0 : 1);
}
