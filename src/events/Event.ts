/**
 * Facts that happen during a run. Reporters turn them into text; nothing else prints.
 * Every event that is written as NDJSON also carries `time` (RFC 3339, UTC).
 */
export type Event =
  | RunStarted
  | RunFinished
  | StepStarted
  | StepProgress
  | StepFinished
  | StepFailed
  | ChildOutput
  | ResourceStarted
  | ResourceProgress
  | ResourceFinished
  | ResourceFailed
  | Diagnostic
  | PlanSummarized
  | PhaseStarted
  | PhaseProgress
  | PhaseFinished
  | HealthChecked
  | ServiceLogged
  | Notice;

/** What a change does to the user's machine, reserved address and data, worst last. */
export type Impact =
  | "create"
  | "harmless"
  | "restart"
  | "lose-address"
  | "replace-machine"
  | "destroy-data"
  | "destroy";

export type ResourceAction = "create" | "update" | "delete" | "replace" | "read" | "refresh" | "no-op";

export interface RunStarted {
  type: "run.started";
  run: string;
  stack: string;
  operation: string;
}

export interface RunFinished {
  type: "run.finished";
  run: string;
  stack: string;
  operation: string;
  outcome: "done" | "failed" | "refused" | "interrupted";
  durationMs: number;
}

/** A piece of preparation: npm packages, the engine, a plugin, host packages, an image. */
export interface StepStarted {
  type: "step.started";
  step: string;
  /** A noun phrase, such as "engine, built from source". */
  title: string;
}

export interface StepProgress {
  type: "step.progress";
  step: string;
  title: string;
  done: number;
  /** Absent when it is not known. */
  total?: number;
  unit: "bytes" | "items";
}

export interface StepFinished {
  type: "step.finished";
  step: string;
  title: string;
  durationMs: number;
}

export interface StepFailed {
  type: "step.failed";
  step: string;
  title: string;
  durationMs: number;
  message: string;
}

/** One line of a child process, already redacted. Shown when VERBOSE is set, and kept in the run's log. */
export interface ChildOutput {
  type: "child.output";
  source: string;
  line: string;
}

export interface ResourceStarted {
  type: "resource.started";
  address: string;
  action: ResourceAction;
}

export interface ResourceProgress {
  type: "resource.progress";
  address: string;
  action: ResourceAction;
  elapsedSeconds: number;
}

export interface ResourceFinished {
  type: "resource.finished";
  address: string;
  action: ResourceAction;
  id?: string;
  elapsedSeconds: number;
}

export interface ResourceFailed {
  type: "resource.failed";
  address: string;
  action: ResourceAction;
  elapsedSeconds: number;
}

/** What the engine or a plugin complained about. */
export interface Diagnostic {
  type: "diagnostic";
  severity: "error" | "warning";
  summary: string;
  detail: string;
  address?: string;
  /** `FILE:LINE` in the module. */
  where?: string;
}

export interface PlannedChange {
  address: string;
  action: ResourceAction;
  impact: Impact;
  /** Attributes that force the replacement, or that change, dotted. */
  attributes: readonly string[];
}

export interface PlanSummary {
  changes: readonly PlannedChange[];
  counts: { create: number; update: number; replace: number; delete: number };
  /** The worst impact of all changes; "none" when nothing changes. */
  impact: Impact | "none";
  /** What happens to the machine, to the data and to the reserved address. */
  machine: "none" | "create" | "keep" | "restart" | "replace" | "destroy";
  data: "none" | "create" | "keep" | "destroy";
  address: "none" | "create" | "keep" | "replace" | "destroy";
}

export interface PlanSummarized {
  type: "plan.summarized";
  stack: string;
  summary: PlanSummary;
}

/** Waiting for the machine, one phase at a time. */
export type WaitPhase = "address" | "port" | "host-key" | "login" | "cloud-init" | "preparation";

export interface PhaseStarted {
  type: "phase.started";
  phase: WaitPhase;
  budgetMs: number;
}

export interface PhaseProgress {
  type: "phase.progress";
  phase: WaitPhase;
  elapsedMs: number;
  budgetMs: number;
  /** What is known, such as the cloud-init stage or the last refusal. */
  detail?: string;
}

export interface PhaseFinished {
  type: "phase.finished";
  phase: WaitPhase;
  elapsedMs: number;
}

/** How one check of the application went. */
export interface HealthChecked {
  type: "health.checked";
  check: string;
  /** A warning fails nothing. */
  outcome: "good" | "warning" | "bad";
  message: string;
  from: "server" | "outside";
}

/** One line that a service of the application wrote, without secrets. */
export interface ServiceLogged {
  type: "service.logged";
  service: string;
  line: string;
}

/** A deprecation, a warning, a choice that was made for the user. */
export interface Notice {
  type: "notice";
  level: "info" | "warning";
  code: string;
  message: string;
  hint?: string;
}

export type Emit = (event: Event) => void;
