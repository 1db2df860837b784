import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFileCloud } from "../../test/support/fileCloud.ts";
import { realPorts } from "../system/realPorts.ts";
import { existingStacks } from "./existingStacks.ts";
import type { OperationContext } from "./OperationContext.ts";

test("what was destroyed exists no more, unless others share its state: they may have made it again", async () => {
  const cloud = await makeFileCloud();
  try {
    const stacks = join(cloud.tree.root, "infrastructure/stacks");
    const context = { ports: realPorts(), workspace: { root: cloud.tree.root, stacks } } as OperationContext;
    const names = async (): Promise<string[]> => (await existingStacks(context)).map(({ name }) => name);
    await cloud.good("apply");
    expect(await names()).toEqual(["qa/acme"]);
    await cloud.good("destroy");
    expect(await names()).toEqual([]);
    await writeFile(cloud.stack("state.json"), JSON.stringify({ backend: "s3", arguments: {}, address: {} }));
    expect(await names()).toEqual(["qa/acme"]);
  } finally {
    await cloud.tree.remove();
  }
});
