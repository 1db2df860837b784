import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { landfall } from "./landfall.ts";
import { repository } from "./makeTree.ts";

/** What a test may do to a good provider to break one rule. */
export interface Mutation {
  replace(path: string, text: string | RegExp, by: string): Promise<void>;
  append(path: string, text: string): Promise<void>;
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  makeExecutable(path: string): Promise<void>;
  link(target: string, path: string): Promise<void>;
}

export interface Broken {
  /** Rules that are not kept: mandatory ones that failed, and optional ones that warned. */
  broken: string[];
  verdicts: {
    id: string;
    verdict: string;
    reason?: string;
    findings: { message: string; where?: string; hint?: string }[];
  }[];
  status: number;
}

export interface CheckedFolder {
  source: string;
  template?: string;
  level: string;
  /** Only these. */
  rules?: readonly string[];
  environment?: Readonly<Record<string, string>>;
}

/** Checks a copy of a folder after a mutation, in a tree that holds nothing else. */
export async function checkMutated(
  { source, template, level, rules = [], environment = {} }: CheckedFolder,
  mutate: (mutation: Mutation) => Promise<void>,
): Promise<Broken> {
  const root = await mkdtemp(join(tmpdir(), "landfall-conformance-"));
  try {
    const name = source.split("/").at(-1) ?? "";
    const infrastructure = join(root, "infrastructure");
    const folder = join(infrastructure, "terraform", "providers", name);
    for (const part of ["main.tf", "variables.tf", "outputs.tf", "modules"]) {
      const from = join(repository, "infrastructure", "terraform", part);
      await cp(from, join(infrastructure, "terraform", part), { recursive: true });
    }
    await cp(source, folder, { recursive: true });
    const templateFile = join(infrastructure, "config", "providers", `${name}.env.tpl`);
    if (template !== undefined) {
      await mkdir(dirname(templateFile), { recursive: true });
      await cp(template, templateFile);
      await rm(join(folder, `${name}.env.tpl`), { force: true });
    }
    const at = (path: string): string => (path === "TEMPLATE" ? templateFile : join(folder, path));
    await mutate({
      async replace(path, text, by) {
        const before = await readFile(at(path), "utf8");
        const after = before.replace(text, by);
        if (after === before) throw new Error(`${path} does not hold ${String(text)}`);
        await writeFile(at(path), after);
      },
      append: async (path, text) => writeFile(at(path), text, { flag: "a" }),
      async write(path, text) {
        await mkdir(dirname(at(path)), { recursive: true });
        await writeFile(at(path), text);
      },
      remove: (path) => rm(at(path)),
      makeExecutable: (path) => chmod(at(path), 0o755),
      link: (target, path) => symlink(target, at(path)),
    });
    const chosen = rules.flatMap((rule) => ["--rule", rule]);
    const argv = ["provider", "check", name, "--level", level, "--json", "--yes", ...chosen];
    const { status, result, stdout } = await landfall(root, argv, environment);
    const verdicts = result["verdicts"] as Broken["verdicts"] | undefined;
    if (verdicts === undefined) throw new Error(stdout);
    const broken = verdicts.filter(({ verdict }) => verdict === "failed" || verdict === "warning").map(({ id }) => id);
    return { broken, verdicts, status };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
