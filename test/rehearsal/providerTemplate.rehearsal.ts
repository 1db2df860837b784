import { expect, test } from "vitest";
import { makeTree } from "../support/makeTree.ts";
import { readWalkThrough, takeStep } from "../support/walkThrough.ts";

test("who does what docs/providers/provider-template.md says has a provider that is rehearsed with every fault", async () => {
  const tree = await makeTree();
  try {
    for (const step of await readWalkThrough()) {
      const { status, stdout, stderr } = await takeStep(tree.root, step);
      const prints = step.do === "run" ? step.prints : [];
      const expected = prints.some((line) => line.includes("breaks contract")) ? 1 : 0;
      expect(status, `${JSON.stringify(step)}\n${stdout}${stderr.slice(-2000)}`).toBe(expected);
      for (const line of prints) expect(stdout).toContain(line);
    }
  } finally {
    await tree.remove();
  }
});
