import type { Diagnostic, Event, ResourceAction } from "../events/Event.ts";
import { readEngineMessage, type EngineDiagnostic, type EngineHook, type EngineMessage } from "./readEngineMessage.ts";

/** Turns one line of the engine's `-json` stream into facts. What is not understood becomes `child.output`. */
export function decodeEngineLine(line: string): Event[] {
  const message = readEngineMessage(line);
  if (message !== undefined) return decodeMessage(message);
  return line.trim() === "" ? [] : [output("engine", line)];
}

/**
 * What is meant: a lock that holds for this platform only, where plugins come from a mirror, and a part of the
 * configuration, where a part was asked for.
 */
const meant = [
  "Incomplete lock file information for providers",
  "Resource targeting is in effect",
  "Applied changes may be incomplete",
];

function decodeMessage(message: EngineMessage): Event[] {
  const { hook, diagnostic } = message;
  if (diagnostic !== undefined && meant.includes(diagnostic.summary)) return [output("engine", message["@message"])];
  if (diagnostic !== undefined) return [decodeDiagnostic(diagnostic)];
  switch (message.type) {
    // The plan is summarized from its file, where impact and reasons can be seen.
    case "version":
    case "planned_change":
    case "resource_drift":
    case "change_summary":
    case "outputs":
    case "provision_start":
    case "provision_complete":
      return [];
    case "provision_progress":
      return [output(addressOf(hook), hook?.output ?? message["@message"])];
    case "apply_start":
      return [{ type: "resource.started", ...change(hook) }];
    case "apply_progress":
      return [{ type: "resource.progress", ...change(hook), elapsedSeconds: seconds(hook) }];
    case "apply_complete":
      return [finished(hook, actionOf(hook))];
    case "apply_errored":
      return [{ type: "resource.failed", ...change(hook), elapsedSeconds: seconds(hook) }];
    case "refresh_start":
      return [{ type: "resource.started", address: addressOf(hook), action: "refresh" }];
    case "refresh_complete":
      return [finished(hook, "refresh")];
    default:
      return [output("engine", message["@message"])];
  }
}

function decodeDiagnostic({ severity, summary, detail, address, range }: EngineDiagnostic): Diagnostic {
  return {
    type: "diagnostic",
    severity: severity === "warning" ? "warning" : "error",
    summary,
    detail: detail ?? "",
    ...(address === undefined || address === "" ? {} : { address }),
    ...(range === undefined ? {} : { where: `${range.filename}:${range.start.line}` }),
  };
}

function finished(hook: EngineHook | undefined, action: ResourceAction): Event {
  return {
    type: "resource.finished",
    address: addressOf(hook),
    action,
    ...(hook?.id_value === undefined ? {} : { id: hook.id_value }),
    elapsedSeconds: seconds(hook),
  };
}

function change(hook: EngineHook | undefined): { address: string; action: ResourceAction } {
  return { address: addressOf(hook), action: actionOf(hook) };
}

function addressOf(hook: EngineHook | undefined): string {
  return hook?.resource?.addr ?? "";
}

const actions: readonly string[] = ["create", "update", "delete", "replace", "read"] satisfies ResourceAction[];

function actionOf(hook: EngineHook | undefined): ResourceAction {
  const action = hook?.action ?? "";
  return actions.includes(action) ? (action as ResourceAction) : "no-op";
}

function seconds(hook: EngineHook | undefined): number {
  return hook?.elapsed_seconds ?? 0;
}

function output(source: string, line: string): Event {
  return { type: "child.output", source, line };
}
