import { expect, test } from "vitest";
import { backendBlock } from "./backendBlock.ts";

test("what looks like a template stands for itself, however deep", () => {
  const text = backendBlock("s3", { key: "a/${b}/%{c}/$$", tags: [{ x: "${y}" }], on: true });
  expect(JSON.parse(text)).toEqual({
    terraform: { backend: { s3: { key: "a/$${b}/%%{c}/$$", tags: [{ x: "$${y}" }], on: true } } },
  });
});
