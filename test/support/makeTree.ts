import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** A user's tree of its own in a temporary directory: nothing of the real one is touched. */
export interface Tree {
  root: string;
  /** Writes an environment file from lines. */
  environment(name: string, lines: readonly string[]): Promise<void>;
  /** Drops a provider folder of the fixtures into the tree. */
  addProvider(name: string): Promise<string>;
  remove(): Promise<void>;
}

export async function makeTree(): Promise<Tree> {
  const root = await mkdtemp(join(tmpdir(), "landfall-test-"));
  await cp(join(repository, "infrastructure"), join(root, "infrastructure"), {
    recursive: true,
    filter: (path) =>
      (!path.includes("/infrastructure/stacks") && !path.endsWith(".env")) || path.endsWith("project.env"),
  });
  return {
    root,
    async environment(name, lines) {
      const file = join(root, "infrastructure", "config", "environments", `${name}.env`);
      await writeFile(file, `${lines.join("\n")}\n`, { mode: 0o600 });
    },
    async addProvider(name) {
      const folder = join(root, "infrastructure", "terraform", "providers", name);
      await cp(join(repository, "test", "fixtures", "providers", name), folder, { recursive: true });
      return folder;
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
