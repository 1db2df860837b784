import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseManifest } from "../src/providers/parseManifest.ts";
import { readCatalog } from "../src/providers/catalog/readCatalog.ts";
import { chooseOffer } from "../src/providers/catalog/chooseOffer.ts";
import { realPorts } from "../src/system/realPorts.ts";
import { everyCloud } from "./support/cloudsOf.ts";
import { repository } from "./support/makeTree.ts";

describe.each(everyCloud)("the catalog of %s", (name) => {
  const folder = join(repository, "infrastructure", "terraform", "providers", name);
  const catalog = readCatalog({ name, folder }, realPorts().files);

  test("offers each type once in each region", async () => {
    const seen = (await catalog).types.flatMap((offer) =>
      (offer.regions ?? []).map((region) => `${offer.name} ${region}`),
    );
    expect(seen.filter((entry, index) => seen.indexOf(entry) !== index)).toEqual([]);
  });

  test("names successors that can be ordered", async () => {
    const { types } = await catalog;
    const orderable = types.filter(({ retired }) => retired !== true).map((offer) => offer.name);
    for (const { successor } of types) if (successor !== undefined) expect(orderable).toContain(successor);
  });

  test("has something for every environment in the provider's own region", async () => {
    const file = join(folder, "provider.yaml");
    const { settings, catalog: keys } = parseManifest(await readFile(file, "utf8"), file, name);
    const region = settings[keys?.region ?? ""]?.default ?? "";
    for (const [memory, vcpus, disk] of [
      [2048, 2, 20],
      [4096, 2, 40],
      [8192, 4, 50],
    ] as const) {
      const choice = chooseOffer(await catalog, { memory, vcpus, disk, architecture: "amd64", region });
      expect(choice?.monthlyPrice, `${memory} MiB in ${region}`).toBeGreaterThan(1);
    }
  });
});
