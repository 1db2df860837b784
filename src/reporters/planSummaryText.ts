import type { Impact, PlannedChange, PlanSummary, ResourceAction } from "../events/Event.ts";

/** What a plan does: first to the machine, the data and the address, in plain words, then change by change. */
export function planSummaryText(summary: PlanSummary): string {
  if (summary.changes.length === 0) return "Nothing will change.";
  return [...consequences(summary), "", ...changeLines(summary.changes), "", totals(summary)].join("\n");
}

function consequences({ machine, data, address, changes }: PlanSummary): string[] {
  const disk = changes.some(({ impact }) => impact === "destroy-data");
  const sentences = [machineSentence(machine), dataSentence(machine, data, disk), addressSentence(address)];
  return sentences.filter((line) => line !== "");
}

function machineSentence(machine: PlanSummary["machine"]): string {
  return {
    none: "",
    create: "Machine: a new one is made.",
    keep: "Machine: it stays and goes on running.",
    restart: "Machine: IT RESTARTS. It cannot be reached for a moment.",
    replace: "Machine: IT IS REPLACED. The present one is deleted with everything on its own disk; a new one is made.",
    destroy: "Machine: IT IS DESTROYED with everything on its own disk.",
  }[machine];
}

function dataSentence(machine: PlanSummary["machine"], data: PlanSummary["data"], disk: boolean): string {
  const survives = machine === "replace" || machine === "destroy";
  return {
    none: "",
    create: "Data:    a new, empty data disk is made.",
    keep: survives ? "Data:    kept; its disk survives the machine." : "Data:    kept.",
    destroy: disk ? "Data:    IT IS LOST; a disk that holds data is deleted." : "Data:    IT IS LOST with the machine.",
  }[data];
}

/** What points to a lost address, such as a name in the DNS, leads nowhere. */
function addressSentence(address: PlanSummary["address"]): string {
  return {
    none: "",
    create: "Address: a new one is reserved.",
    keep: "Address: kept.",
    replace: "Address: IT IS LOST; a new one is reserved. Whoever uses the present one is cut off.",
    destroy: "Address: IT IS LOST. Whoever uses it is cut off.",
  }[address];
}

const signs: Partial<Record<ResourceAction, string>> = { create: "+", delete: "-", replace: "-/+" };

const impacts: Partial<Record<Impact, string>> = {
  restart: "restarts the machine",
  "lose-address": "loses the address",
  "replace-machine": "replaces the machine",
  "destroy-data": "deletes data",
};

function changeLines(changes: readonly PlannedChange[]): string[] {
  return changes
    .filter(({ action }) => action !== "no-op" && action !== "read" && action !== "refresh")
    .map(({ address, action, impact, attributes }) => {
      const notes = [impacts[impact], attributes.length > 0 ? attributes.join(", ") : undefined].filter(
        (note) => note !== undefined,
      );
      const sign = signs[action] ?? "~";
      return `  ${sign.padStart(3)} ${action} ${address}${notes.length > 0 ? ` (${notes.join(": ")})` : ""}`;
    });
}

function totals({ counts }: PlanSummary): string {
  const parts = [
    `${counts.create} to create`,
    `${counts.update} to change`,
    `${counts.replace} to replace`,
    `${counts.delete} to delete`,
  ];
  return `${parts.filter((part) => !part.startsWith("0 ")).join(", ") || "no resources"}.`;
}
