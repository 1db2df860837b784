import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CheckReport } from "../../src/operations/check/checkProvider.ts";
import { everyProvider } from "../support/cloudsOf.ts";
import { landfall } from "../support/landfall.ts";
import { makeTree, repository, type Tree } from "../support/makeTree.ts";
import { reportOf, writeReports } from "../support/providerReports.ts";

let tree: Tree;
const reports: CheckReport[] = [];
beforeAll(async () => {
  tree = await makeTree();
});
afterAll(async () => {
  await tree.remove();
  if (process.env["LANDFALL_REPORTS"] === "write") await writeReports(reports);
});

describe("every provider keeps the contract at its highest offline level, and its published report says the same", () => {
  test.concurrent.each(everyProvider)("%s", async (provider) => {
    const { status, result, stdout } = await landfall(tree.root, ["provider", "check", provider, "--json"]);
    const report = result as unknown as CheckReport;
    const bad = report.verdicts?.filter(({ verdict }) => verdict === "failed");
    expect([status, bad], stdout.slice(-2000)).toEqual([0, []]);
    reports.push(report);
    if (process.env["LANDFALL_REPORTS"] === "write") return;
    const published = await readFile(join(repository, "docs", "providers", "reports.md"), "utf8");
    expect(published, "else: LANDFALL_REPORTS=write make test-rehearsal").toContain(reportOf(report));
  });
});
