import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CheckReport } from "../../src/operations/check/checkProvider.ts";
import { repository } from "./makeTree.ts";

/** The report of one provider as it is published: verdicts, and why something was not tested; nothing that changes by itself. */
export function reportOf({ provider, level, contract, counts, verdicts }: CheckReport): string {
  const named = (verdict: string): string[] =>
    verdicts.filter((one) => one.verdict === verdict).map(({ id }) => `\`${id}\``);
  const untested = verdicts
    .filter(({ verdict }) => verdict === "untested")
    .map(({ id, reason }) => `| \`${id}\` | ${reason ?? ""} |`);
  return [
    `## ${provider}`,
    "",
    `Contract ${contract}, level ${level}: ${counts.passed} rules kept, ${counts.failed} broken, ${counts.warning} warnings, ${counts.untested} not tested.`,
    "",
    `Warnings: ${named("warning").join(", ") || "none"}.`,
    "",
    `Kept: ${named("passed").join(", ")}.`,
    "",
    "| not tested | because |",
    "| --- | --- |",
    ...untested,
    "",
  ].join("\n");
}

export async function writeReports(reports: readonly CheckReport[]): Promise<void> {
  const sorted = [...reports].sort((a, b) => (a.provider < b.provider ? -1 : 1));
  const head =
    "# Reports of the providers\n\nWhat `landfall provider check NAME` says of the providers of this repository, each at the highest level that works offline.\nWritten by `LANDFALL_REPORTS=write npx vitest run --project rehearsal providerCheck`; a test says when it is stale. The rules are in\n[the contract](contract.md).\n";
  await writeFile(join(repository, "docs", "providers", "reports.md"), [head, ...sorted.map(reportOf)].join("\n"));
}
