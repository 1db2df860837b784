import { expect, test } from "vitest";
import { renameScaffold } from "./scaffold.ts";

test.each([
  ["acme", "acme ACME acme Acme"],
  ["my-newcloud", "my-newcloud MY_NEWCLOUD mynewcloud My Newcloud"],
  ["newcloud2", "newcloud2 NEWCLOUD2 newcloud2 Newcloud2"],
  ["new-cloud-2", "new-cloud-2 NEW_CLOUD_2 newcloud2 New Cloud 2"],
])("a provider called %s has its name everywhere, once", (name, expected) => {
  expect(renameScaffold("new-cloud NEW_CLOUD newcloud New Cloud", name)).toBe(expected);
});
