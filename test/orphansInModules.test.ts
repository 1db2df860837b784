import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeFileCloud, type FileCloud } from "./support/fileCloud.ts";

const machine = "module.server.terraform_data.machine";

let cloud: FileCloud;
beforeEach(async () => {
  cloud = await makeFileCloud();
  await cloud.nest("server");
});
afterEach(() => cloud.tree.remove());

describe("what a module of the folder makes", () => {
  test.each(["apply", "destroy", "recover"])(
    "is in the state: after a run that was cut off, %s goes on",
    async (verb) => {
      await cloud.good("apply");
      const [id] = await cloud.ids();
      await cloud.cutOff({ address: `module.provider.${machine}`, action: "create" });
      await cloud.good(verb);
      expect(await cloud.ids()).toEqual(verb === "destroy" ? [] : [id]);
    },
  );

  test("is taken over where it exists and the state is gone", async () => {
    await cloud.put("found", machine);
    await cloud.good("apply");
    expect(await cloud.ids()).toEqual(["found"]);
  });
});
