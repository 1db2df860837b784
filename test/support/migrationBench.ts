import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { landfall, type Outcome } from "./landfall.ts";
import { makeTree, type Tree } from "./makeTree.ts";

/** A tree of today, and an empty directory for one of the shell version. */
export interface MigrationBench {
  tree: Tree;
  old: string;
  migrate(...more: string[]): Promise<Outcome>;
  /** Reads a file of the new tree. */
  read(path: string): Promise<string>;
  remove(): Promise<void>;
}

export const environment = (name: string): string => join("infrastructure", "config", "environments", name);
export const provider = (name: string): string => join("infrastructure", "config", "providers", name);
export const terraform = (name: string): string => join("infrastructure", "terraform", name);

export async function migrationBench(): Promise<MigrationBench> {
  const tree = await makeTree();
  const old = await mkdtemp(join(tmpdir(), "landfall-old-"));
  return {
    tree,
    old,
    migrate: (...more) => landfall(tree.root, ["migrate", "--from", old, "--json", ...more]),
    read: (path) => readFile(join(tree.root, path), "utf8"),
    async remove() {
      await tree.remove();
      await rm(old, { recursive: true, force: true });
    },
  };
}

export async function put(root: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}
