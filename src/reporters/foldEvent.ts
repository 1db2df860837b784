import type { Diagnostic, Event, Notice, ResourceAction, WaitPhase } from "../events/Event.ts";
import { duration } from "./duration.ts";
import { planSummaryText } from "./planSummaryText.ts";
import { progressText } from "./progressText.ts";
import { emptyView, type Activity, type Fact, type View } from "./View.ts";

interface Folded {
  view: View;
  facts: readonly Fact[];
}

/** One event more: what is going on now, and what there is to tell. `now` is milliseconds since 1970. */
export function foldEvent(view: View, event: Event, now: number, verbose: boolean): Folded {
  switch (event.type) {
    case "run.started":
      return {
        view: { ...emptyView, operation: event.operation },
        facts: [{ tone: "info", text: `${event.operation} ${event.stack}` }],
      };
    case "run.finished":
      return { view: { ...view, active: [] }, facts: [] };
    case "step.started":
      return begin(view, { key: `step ${event.step}`, title: event.title, startedMs: now });
    case "step.progress":
      return update(view, `step ${event.step}`, progressText(event));
    case "step.finished":
      return end(view, `step ${event.step}`, good(`${event.title}: done in ${duration(event.durationMs)}`));
    case "step.failed":
      return end(view, `step ${event.step}`, {
        tone: "bad",
        text: `${event.title}: failed after ${duration(event.durationMs)}: ${event.message}`,
      });
    case "child.output":
      return { view, facts: verbose ? [{ tone: "dim", text: `${event.source}: ${event.line}` }] : [] };
    case "resource.started":
      return begin(view, {
        key: `resource ${event.address}`,
        title: `${event.address}: ${verbs[event.action].under}`,
        startedMs: now,
        quiet: !verbose && verbs[event.action].quiet === true,
      });
    case "resource.progress":
      return { view, facts: [] };
    case "resource.finished":
      return end(
        view,
        `resource ${event.address}`,
        good(`${event.address}: ${verbs[event.action].done} in ${duration(event.elapsedSeconds * 1000)}`),
        !verbose && verbs[event.action].quiet === true,
      );
    case "resource.failed":
      return end(view, `resource ${event.address}`, {
        tone: "bad",
        text: `${event.address}: ${verbs[event.action].under} failed after ${duration(event.elapsedSeconds * 1000)}`,
      });
    case "phase.started": {
      const { budgetMs } = event;
      return begin(view, { key: event.phase, title: `waiting for ${phases[event.phase]}`, startedMs: now, budgetMs });
    }
    case "phase.progress":
      return update(view, event.phase, event.detail);
    case "phase.finished":
      return end(view, event.phase, good(`${phases[event.phase]}: done in ${duration(event.elapsedMs)}`));
    case "plan.summarized": {
      // The result of `plan` is this summary; without changes the result says so.
      const silent = view.operation === "plan" || event.summary.changes.length === 0;
      return {
        view,
        facts: silent
          ? []
          : [{ tone: "info", text: `what will happen to ${event.stack}\n${planSummaryText(event.summary)}` }],
      };
    }
    case "diagnostic":
      return {
        view: event.severity === "error" ? { ...view, told: [...view.told, messageOf(event)] } : view,
        facts: [diagnosticFact(event)],
      };
    case "health.checked": {
      const { check, outcome, message, from } = event;
      const text = `${check}${from === "outside" ? ", from outside" : ""}: ${message}`;
      return { view, facts: [{ tone: outcome, text }] };
    }
    case "service.logged":
      return { view, facts: [{ tone: "info", text: `${event.service} | ${event.line}` }] };
    case "notice":
      return { view, facts: [noticeFact(event)] };
  }
}

const verbs: Record<ResourceAction, { under: string; done: string; quiet?: true }> = {
  create: { under: "creating", done: "created" },
  update: { under: "changing", done: "changed" },
  delete: { under: "deleting", done: "deleted" },
  replace: { under: "replacing", done: "replaced" },
  read: { under: "reading", done: "read", quiet: true },
  refresh: { under: "refreshing", done: "refreshed", quiet: true },
  "no-op": { under: "looking at", done: "looked at", quiet: true },
};

const phases: Record<WaitPhase, string> = {
  address: "address",
  port: "SSH port",
  "host-key": "host key",
  login: "login",
  "cloud-init": "first boot (cloud-init)",
  preparation: "preparation of the host",
};

function begin(view: View, activity: Activity): Folded {
  return { view: { ...view, active: [...without(view, activity.key), activity] }, facts: [] };
}

function update(view: View, key: string, detail: string | undefined): Folded {
  const active = view.active.map((activity) =>
    activity.key === key && detail !== undefined ? { ...activity, detail } : activity,
  );
  return { view: { ...view, active }, facts: [] };
}

function end(view: View, key: string, fact: Fact, quiet = false): Folded {
  return { view: { ...view, active: without(view, key) }, facts: quiet ? [] : [fact] };
}

function without(view: View, key: string): Activity[] {
  return view.active.filter((activity) => activity.key !== key);
}

function good(text: string): Fact {
  return { tone: "good", text };
}

/** As the problems of an error of the engine say it. */
function messageOf({ address, summary, detail }: Diagnostic): string {
  return [address, summary, detail.trim()].filter((part) => part !== undefined && part !== "").join(": ");
}

function diagnosticFact(event: Diagnostic): Fact {
  const { severity, summary, detail, address, where } = event;
  const place = [address, where].filter((part) => part !== undefined).join(", ");
  const heading = `${severity}: ${summary}${place === "" ? "" : ` (${place})`}`;
  return {
    tone: severity === "error" ? "bad" : "warning",
    text: detail.trim() === "" ? heading : `${heading}\n${detail.trim()}`,
  };
}

function noticeFact({ level, message, hint }: Notice): Fact {
  const text = `${level === "warning" ? "warning" : "note"}: ${message}`;
  return { tone: level === "warning" ? "warning" : "info", text: hint === undefined ? text : `${text}\nnext: ${hint}` };
}
