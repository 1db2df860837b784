import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { landfall, type Outcome } from "../support/landfall.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";

let tree: Tree;
beforeAll(async () => {
  tree = await makeTree();
});
afterAll(() => tree.remove());

const rehearse = (stack: string, ...more: string[]): Promise<Outcome> =>
  landfall(tree.root, ["rehearse", stack, "--yes", "--json", ...more]);

describe("faults end in a clear message, and the same command goes on", () => {
  // What is said; that every provider goes on after every fault, provider check tries (providerCheck.rehearsal.ts).
  const cases = ["out-of-stock", "action-fails", "answer-lost", "server-disappears"].map(
    (fault) => ["hetzner", fault] as const,
  );
  test.concurrent.each(cases)("%s: %s", async (provider, fault) => {
    const { result, stdout } = await rehearse(`production/${provider}`, "--fault", fault);
    expect(result, stdout.slice(-6000)).toMatchObject({ ok: true });
    const runs = result["faults"] as { outcome: string; hint?: string }[];
    expect(runs.at(-1)?.outcome).toBe("done");
    for (const { outcome, hint } of runs) if (outcome !== "done") expect(hint).toMatch(/\S/);
  });

  test("a fault that never strikes is no success", async () => {
    const { status, stderr } = await landfall(tree.root, [
      ...["rehearse", "production/hetzner", "--yes", "--fault", "reset@GET /v1/nothing"],
    ]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/did not strike/);
  });
});
