import { describe, expect, test } from "vitest";
import type { Files } from "../../ports/Files.ts";
import { labelFindings } from "./labelFindings.ts";

const roles = {
  resources: { machine: ["acme_server.vm"], data: ["acme_volume.data"], address: [], disk: [], restart: [] },
};

/** What is found where the state has these attributes of a machine. */
async function findings(attributes: object, type = "acme_server", name = "vm") {
  const resource = { module: "module.provider", mode: "managed", type, name, instances: [{ attributes }] };
  const texts: Record<string, object> = {
    state: { lineage: "l", serial: 1, resources: [resource] },
    variables: { labels: { project: "landfall-check", environment: "check", stack: "check_acme" } },
  };
  const files = { read: async (path: string) => JSON.stringify(texts[path]) } as Files;
  return labelFindings({ state: "state", variables: "variables" }, roles, files);
}

describe("the stack's label", () => {
  test.each([
    ["pairs", { labels: { stack: "check_acme" } }],
    [
      "pairs that are called metadata, beside tags that are not used",
      { metadata: { stack: "check_acme" }, tags: null },
    ],
    ["a tag of key and value", { tags: ["project:landfall-check", "stack:check_acme"] }],
    ["a tag where a cloud allows no underscore", { tag_list: ["stack=check-acme"] }],
    ["a tag of the value alone", { tags: ["check.acme"] }],
    ["tags of the provider block", { tags: null, tags_all: { Stack: "check_acme" } }],
  ])("is borne as %s", async (_what, attributes) => {
    expect(await findings(attributes)).toEqual([]);
  });

  test.each([
    ["labels that were left out", { labels: null }],
    ["labels without it", { labels: { environment: "check", project: "landfall-check" } }],
    ["metadata without it", { metadata: {} }],
    ["tags without it", { tags: ["environment:check", "managed_by:landfall"] }],
  ])("is missed in %s", async (_what, attributes) => {
    expect(await findings(attributes)).toMatchObject([
      {
        message: expect.stringMatching(/^acme_server\.vm does not bear .* labels, tags, tags_all, tag_list, metadata$/),
      },
    ]);
  });

  test.each([
    ["no such attribute", { id: "1" }],
    ["metadata that is something else", { metadata: null, id: "1" }],
  ])("cannot be borne where there is %s", async (_what, attributes) => {
    expect(await findings(attributes)).toEqual({ untested: "what is made can bear no labels" });
  });

  test("is not asked of what has no role", async () => {
    expect(await findings({ labels: {} }, "acme_firewall", "firewall")).toHaveProperty("untested");
    expect(await findings({ labels: {} }, "acme_volume", "data")).toHaveLength(1);
  });
});
