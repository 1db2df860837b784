import { AppError } from "../../errors.ts";
import type { Event, PlanSummary } from "../../events/Event.ts";

export const replacement: PlanSummary = {
  changes: [
    { address: "acme_server.vm", action: "replace", impact: "replace-machine", attributes: ["image"] },
    { address: "acme_volume.data", action: "update", impact: "harmless", attributes: ["size", "labels.stack"] },
    { address: "acme_address.ip", action: "read", impact: "harmless", attributes: [] },
  ],
  counts: { create: 0, update: 1, replace: 1, delete: 0 },
  impact: "replace-machine",
  machine: "replace",
  data: "keep",
  address: "none",
};

/** Events of one apply, each with the milliseconds that pass before it. */
export const sampleRun: readonly (readonly [number, Event])[] = [
  [0, { type: "run.started", run: "r1", stack: "dev/acme", operation: "apply" }],
  [100, { type: "step.started", step: "engine", title: "engine, built from source" }],
  [
    200,
    {
      type: "step.progress",
      step: "engine",
      title: "engine, built from source",
      done: 12e6,
      total: 27e6,
      unit: "bytes",
    },
  ],
  [0, { type: "child.output", source: "go", line: "downloading \u001b[31mred\u001b[0m\u0007" }],
  [24_000, { type: "step.finished", step: "engine", title: "engine, built from source", durationMs: 24_200 }],
  [100, { type: "plan.summarized", stack: "dev/acme", summary: replacement }],
  [0, { type: "resource.started", address: "acme_server.vm", action: "create" }],
  [400, { type: "resource.started", address: "acme_address.ip", action: "read" }],
  [0, { type: "resource.finished", address: "acme_address.ip", action: "read", elapsedSeconds: 0 }],
  [2600, { type: "resource.finished", address: "acme_server.vm", action: "create", id: "7", elapsedSeconds: 3 }],
  [0, { type: "notice", level: "warning", code: "x.y", message: "be careful", hint: "read the guide" }],
  [0, { type: "phase.started", phase: "port", budgetMs: 300_000 }],
  [200, { type: "phase.progress", phase: "port", elapsedMs: 200, budgetMs: 300_000, detail: "connection refused" }],
  [11_000, { type: "phase.finished", phase: "port", elapsedMs: 11_200 }],
  [0, { type: "diagnostic", severity: "error", summary: "no quota", detail: "ask for more\n", where: "main.tf:7" }],
];

export const sampleError = new AppError("engine.failed", "the engine's apply failed", {
  hint: "mend it",
  problems: [
    { message: "no quota: ask for more" },
    { message: "must be a number\nnot a word", where: "dev.env:3", key: "VM_MEMORY", hint: "write 2048" },
  ],
});
