import { existsSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { landfall } from "./landfall.ts";
import { makeTree, repository, type Tree } from "./makeTree.ts";

/** A clone, and outside of it the folder of a provider that leaves a mark as soon as its code runs. */
export async function strangersFolder() {
  const tree: Tree = await makeTree();
  const away = await mkdtemp(join(tmpdir(), "landfall-add-"));
  const folder = join(away, "folders", "acme");
  const leaves = (mark: string): string =>
    `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(join(away, mark))}, ""); export default {};`;
  await cp(join(repository, "test", "fixtures", "providers", "acme"), folder, { recursive: true });
  await writeFile(join(folder, "provider.ts"), leaves("ran"));
  const inTree = (...path: string[]): string => join(tree.root, "infrastructure", "terraform", ...path);
  const questions: string[] = [];
  const run = (argv: readonly string[], environment: Record<string, string> = {}, answer?: string) =>
    landfall(
      tree.root,
      argv,
      { SKIP_WAIT: "true", XDG_STATE_HOME: join(away, "state"), ...environment },
      answer === undefined ? {} : { interactive: true, ask: async (question) => (questions.push(question), answer) },
    );
  return {
    tree,
    away,
    folder,
    leaves,
    inTree,
    questions,
    run,
    json: async (...argv: string[]) => (await run([...argv, "--json"])).result,
    ran: (mark = "ran"): boolean => existsSync(join(away, mark)),
    lock: () =>
      JSON.parse(readFileSync(inTree("providers.lock.json"), "utf8")) as { providers: Record<string, unknown> },
    async remove() {
      await tree.remove();
      await rm(away, { recursive: true, force: true });
    },
  };
}
