import { expect, it } from "vitest";
import { readCloudInit } from "./readCloudInit.ts";

const stage = { start: 1, finished: 2, errors: [] as string[] };

it("names the stage under way", () => {
  const text = JSON.stringify({ v1: { stage: "modules-final", init: stage } });
  expect(readCloudInit(text)).toEqual({ stage: "final", errors: [], warnings: [] });
});

it("collects errors and warnings of all stages, without mere deprecations", () => {
  const text = JSON.stringify({
    v1: {
      stage: null,
      init: { ...stage, recoverable_errors: { WARNING: ["no route"], DEPRECATED: ["old key"] } },
      "modules-config": { ...stage, errors: ["('locale', ProcessExecutionError(...))"] },
      "modules-final": { ...stage, recoverable_errors: {} },
    },
  });
  expect(readCloudInit(text)).toEqual({
    stage: undefined,
    errors: ["config: ('locale', ProcessExecutionError(...))"],
    warnings: ["network: no route"],
  });
});

it.each(["", "{", "null", "[]", '{"v1": 3}', '{"v1": {"init": {"errors": "x"}}}'])("says nothing for %j", (text) => {
  expect(readCloudInit(text)).toEqual({ stage: undefined, errors: [], warnings: [] });
});
