import { expect, test } from "vitest";
import type { Diagnostic } from "../events/Event.ts";
import { engineFailure } from "./engineFailure.ts";

function failure(command: string, summary: string, detail = "", more: Partial<Diagnostic> = {}) {
  const diagnostic: Diagnostic = { type: "diagnostic", severity: "error", summary, detail, ...more };
  return { command, status: 1, diagnostics: [diagnostic], output: [], directory: "/stack", interrupted: false };
}

const lockInfo = [
  "Error message: resource temporarily unavailable",
  "Lock Info:",
  "  ID:        42ceda5b",
  "  Who:       jo@desk",
  "  Created:   2026-11-23 09:40:33.976686056 +0000 UTC",
].join("\n");

test.each([
  ["plan", "Error acquiring the state lock", lockInfo, "engine.stateLocked", 6],
  [
    "plan",
    "Error acquiring the state lock",
    "Error message: failed to write backup file: Unsupported state file format: syntax error at byte offset 300.",
    "engine.stateUnreadable",
    7,
  ],
  [
    "init",
    "Failed to install provider",
    "the local package for x doesn't match any of the checksums previously recorded",
    "engine.pluginChecksum",
    1,
  ],
  ["init", "Provider dependency changes detected", "the lock file is read-only", "engine.lockOutdated", 1],
  ["init", "Failed to resolve provider packages", "could not connect to registry", "engine.pluginMissing", 4],
  ["plan", "Module not installed", 'Run "tofu init" to install all modules', "engine.notInitialized", 1],
  ["apply", "Saved plan is stale", "the state was changed", "engine.planStale", 1],
  ["apply", "Failed to persist state", "write terraform.tfstate: no space left on device", "engine.diskFull", 1],
  ["init", "Unclosed configuration block", "", "engine.initFailed", 1],
  // As plugins say it.
  ["apply", "limit of 3600 requests per hour reached (rate_limit_exceeded)", "", "engine.rateLimited", 1],
  ["apply", "POST https://api/v2/droplets: 429 API Rate limit exceeded.", "", "engine.rateLimited", 1],
  [
    "apply",
    "operation error EC2: RunInstances, api error RequestLimitExceeded: Request limit exceeded.",
    "",
    "engine.rateLimited",
    1,
  ],
  ["apply", "googleapi: Error 403: Rate Limit Exceeded, rateLimitExceeded", "", "engine.rateLimited", 1],
  ["apply", "Action failed (action_failed, 429)", "", "engine.failed", 1],
  ["apply", "error during placement (resource_unavailable)", "", "engine.outOfStock", 1],
  [
    "apply",
    "The zone 'x' does not have enough resources available to fulfill the request.",
    "",
    "engine.outOfStock",
    1,
  ],
  ["apply", "api error InsufficientInstanceCapacity", "", "engine.outOfStock", 1],
  ["apply", "Provider produced inconsistent result", "root object was present, but now absent.", "engine.vanished", 1],
  ["apply", "server limit reached", "", "engine.failed", 1],
])("%s: %s", (command, summary, detail, code, exit) => {
  const error = engineFailure(failure(command, summary, detail));
  expect(error).toMatchObject({ code, exit });
  expect(error.hint).not.toBe("");
  expect(error.message).toContain("/stack");
  expect(error.problems[0]?.message).toContain(summary);
});

test("names who holds the state, and since when", () => {
  const error = engineFailure(failure("plan", "Error acquiring the state lock", lockInfo));
  expect(error.message).toContain("jo@desk, since 2026-11-23 09:40:33 UTC");
});

test("every error of the engine becomes a problem with its place; warnings do not", () => {
  const first = failure("plan", "One", "Detail.\n", { where: "main.tf:3", address: "acme_server.vm" });
  const warning: Diagnostic = { type: "diagnostic", severity: "warning", summary: "Meh", detail: "" };
  const second: Diagnostic = { type: "diagnostic", severity: "error", summary: "Two", detail: "" };
  const error = engineFailure({ ...first, diagnostics: [...first.diagnostics, warning, second] });
  expect(error.problems).toEqual([{ message: "acme_server.vm: One: Detail.", where: "main.tf:3" }, { message: "Two" }]);
});

test("an engine that said nothing structured: its last lines", () => {
  const output = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  const error = engineFailure({ ...failure("apply", ""), status: null, diagnostics: [], output });
  expect(error.message).toContain("killed");
  expect(error.problems.map(({ message }) => message)).toEqual(output.slice(-10));
});

test("an interruption is told as one, whatever the engine complained about", () => {
  const error = engineFailure({ ...failure("apply", "execution halted"), interrupted: true });
  expect(error.code).toBe("engine.interrupted");
  expect(error.problems).toHaveLength(1);
});
