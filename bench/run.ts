/**
 * npm run bench [-- --vm]: the figures that this project watches, as a table on standard output. What is compared
 * runs in turns on this machine, and medians count. Ends with 1 where a goal is missed.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { compare, measure, time, type Command, type Row } from "./compare.ts";
import { makeBenchTree, type BenchTree } from "./makeBenchTree.ts";
import { timeToSsh } from "./timeToSsh.ts";

const repository = join(import.meta.dirname, "..");
const launcher = join(repository, "landfall");

measure(landfall(["setup", "--yes"]));
const tree = await makeBenchTree(repository, launcher);
try {
  const rows = [...(await starting(tree)), ...working(tree)];
  if (process.argv.includes("--vm")) rows.push(...timeToSsh(launcher));
  console.log(table(rows));
  if (rows.some(({ missed }) => missed)) process.exitCode = 1;
} finally {
  await rm(tree.directory, { recursive: true, force: true });
}

async function starting({ withProviders }: BenchTree): Promise<Row[]> {
  const bare = { what: "node -e 0", command: { program: join(repository, "dist", "node"), argv: ["-e", "0"] } };
  const few = await withProviders(5);
  const many = await withProviders(1000);
  return [
    compare("landfall --help", landfall(["--help"]), bare, { goal: 1.35, times: 31 }),
    compare("landfall providers, 5 folders", landfall(["providers"], few), bare, { goal: 1.5, times: 21 }),
    compare("landfall providers, 1,000 folders", landfall(["providers"], many), bare, { goal: 3, times: 21 }),
  ];
}

/** On a stack that exists: what Landfall adds to the time of the engine. */
function working({ environment, recorded, recording, stack }: BenchTree): Row[] {
  const apply = ["apply", stack, "--yes"];
  measure(landfall(apply, environment));
  measure(landfall(apply, recorded));
  const byHand = { what: "a script of the same engine calls", command: { program: "bash", argv: [recording] } };
  return [
    compare("landfall apply, no changes", landfall(apply, environment), byHand, { goal: 1.1, times: 11 }),
    time("landfall status STACK", landfall(["status", stack], environment), { goal: 0.3, times: 11 }),
  ];
}

function landfall(argv: string[], environment: NodeJS.ProcessEnv = {}): Command {
  return { program: launcher, argv, environment };
}

function table(rows: readonly Row[]): string {
  const cells = rows.map(({ what, ms, against, goal, missed }) => [
    what,
    `${ms.toFixed(0)} ms`,
    against === undefined ? "" : `${(ms / against.ms).toFixed(2)} x ${against.what} (${against.ms.toFixed(0)} ms)`,
    goal === undefined ? "" : `goal ${goal}${against === undefined ? " s" : ""}${missed ? ", MISSED" : ""}`,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
