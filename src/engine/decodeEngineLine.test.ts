import { expect, test } from "vitest";
import { decodeEngineLine } from "./decodeEngineLine.ts";

const base = { "@level": "info", "@message": "text", "@module": "tofu.ui", "@timestamp": "2026-11-23T09:35:26Z" };
const resource = { addr: "module.provider.acme_server.vm", module: "module.provider", resource_type: "acme_server" };

function line(message: object): string {
  return JSON.stringify({ ...base, ...message });
}

test.each([
  [
    "apply_start",
    { hook: { resource, action: "create" } },
    { type: "resource.started", address: resource.addr, action: "create" },
  ],
  [
    "apply_progress",
    { hook: { resource, action: "delete", elapsed_seconds: 10 } },
    { type: "resource.progress", address: resource.addr, action: "delete", elapsedSeconds: 10 },
  ],
  [
    "apply_complete",
    { hook: { resource, action: "create", id_key: "id", id_value: "42", elapsed_seconds: 3 } },
    { type: "resource.finished", address: resource.addr, action: "create", id: "42", elapsedSeconds: 3 },
  ],
  [
    "apply_complete",
    { hook: { resource, action: "delete", elapsed_seconds: 0 } },
    { type: "resource.finished", address: resource.addr, action: "delete", elapsedSeconds: 0 },
  ],
  [
    "apply_errored",
    { hook: { resource, action: "update", elapsed_seconds: 12 } },
    { type: "resource.failed", address: resource.addr, action: "update", elapsedSeconds: 12 },
  ],
  [
    "refresh_start",
    { hook: { resource, id_key: "id", id_value: "42" } },
    { type: "resource.started", address: resource.addr, action: "refresh" },
  ],
  [
    "refresh_complete",
    { hook: { resource, id_key: "id", id_value: "42" } },
    { type: "resource.finished", address: resource.addr, action: "refresh", id: "42", elapsedSeconds: 0 },
  ],
  [
    "provision_progress",
    { hook: { resource, provisioner: "local-exec", output: "hello" } },
    { type: "child.output", source: resource.addr, line: "hello" },
  ],
  [
    "diagnostic",
    {
      diagnostic: {
        severity: "error",
        summary: "Bad",
        detail: "Very bad.",
        address: resource.addr,
        range: { filename: "providers/acme/main.tf", start: { line: 11, column: 3, byte: 1 } },
      },
    },
    {
      type: "diagnostic",
      severity: "error",
      summary: "Bad",
      detail: "Very bad.",
      address: resource.addr,
      where: "providers/acme/main.tf:11",
    },
  ],
  [
    "diagnostic",
    { diagnostic: { severity: "warning", summary: "Hm", detail: "" } },
    { type: "diagnostic", severity: "warning", summary: "Hm", detail: "" },
  ],
  ["something_new", {}, { type: "child.output", source: "engine", line: "text" }],
  [undefined, {}, { type: "child.output", source: "engine", line: "text" }],
])("%s", (type, message, event) => {
  expect(decodeEngineLine(line({ ...message, ...(type === undefined ? {} : { type }) }))).toEqual([event]);
});

test.each(["version", "planned_change", "change_summary", "outputs", "resource_drift"])("%s is no fact", (type) => {
  expect(decodeEngineLine(line({ type }))).toEqual([]);
});

test.each(["panic: something", "{ not json", '{"json": "of a plugin"}', "[1]", "null"])("%s", (text) => {
  expect(decodeEngineLine(text)).toEqual([{ type: "child.output", source: "engine", line: text }]);
});

test.each([
  "Incomplete lock file information for providers",
  "Resource targeting is in effect",
  "Applied changes may be incomplete",
])("%s: that is meant, and no warning", (summary) => {
  const diagnostic = { severity: "warning", summary };
  expect(decodeEngineLine(line({ type: "diagnostic", diagnostic }))).toMatchObject([{ type: "child.output" }]);
});

test("the state that the engine shows where it could save it nowhere is not passed on", () => {
  const state = { version: 4, lineage: "2b1c", resources: [{ instances: [{ attributes: { id: "1" } }] }] };
  expect(decodeEngineLine(line({ type: "log", state }))).toEqual([
    { type: "child.output", source: "engine", line: "text" },
  ]);
});

test("empty lines say nothing", () => {
  expect(decodeEngineLine("  ")).toEqual([]);
});
