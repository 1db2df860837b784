import { exitCodes } from "../../exitCodes.ts";
import type { StackStatus } from "../../operations/statusOfStacks.ts";
import { renderTable } from "../../reporters/renderTable.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";
import { seconds } from "./seconds.ts";

export function presentStatus(
  statuses: readonly StackStatus[],
  options: { check: boolean; single: boolean },
): CommandResult {
  const [first] = statuses;
  const text =
    options.single && first !== undefined
      ? details(first)
      : statuses.length === 0
        ? "no stack exists yet; create one: landfall apply ENVIRONMENT/PROVIDER"
        : table(statuses);
  return {
    command: "status",
    ok: true,
    data: options.single && first !== undefined ? first : { stacks: statuses },
    text,
    exit: options.check ? worst(statuses.map(checkedExit)) : exitCodes.done,
  };
}

function table(statuses: readonly StackStatus[]): string {
  const rows = renderTable(
    ["STACK", "MACHINE", "ADDRESS", "SSH", "FIRST BOOT", "LAST RUN"],
    statuses.map((status) => [
      status.stack,
      status.machine,
      status.address ?? "-",
      status.ssh,
      status.firstBoot,
      status.recovery === undefined ? lastRun(status) : `${lastRun(status)}; recovery is due`,
    ]),
  );
  const due = statuses.filter(({ recovery }) => recovery !== undefined);
  return [rows, ...due.map(({ stack }) => `next: landfall recover ${stack}`)].join("\n");
}

function details(status: StackStatus): string {
  const machine = status.detail === undefined ? status.machine : `${status.machine} (${status.detail})`;
  return [
    status.stack,
    `  machine     ${machine}`,
    `  address     ${status.address ?? "none"}`,
    `  ssh         ${status.ssh}`,
    `  first boot  ${status.firstBoot}`,
    `  last run    ${lastRun(status)}`,
    ...(status.recovery === undefined
      ? []
      : [
          `  recovery    due: the ${status.recovery.operation} of ${status.recovery.started} did not come to its end`,
          `next: landfall recover ${status.stack}`,
        ]),
    ...(status.leftovers.length > 0
      ? [`  left over   ${status.leftovers.join(", ")}`, `next: landfall destroy ${status.stack}`]
      : []),
  ].join("\n");
}

function lastRun({ lastRun: run }: StackStatus): string {
  if (run === undefined) return "none";
  const duration = run.durationMs === undefined ? "" : `, ${seconds(run.durationMs)}`;
  return `${run.operation}: ${run.outcome} (${run.started}${duration})`;
}

/** Of several stacks the one that is furthest from ready counts; where there is none, nothing is there. */
function worst(exits: readonly number[]): number {
  const order = [exitCodes.absent, exitCodes.unreachable, exitCodes.unfinished, exitCodes.done];
  return order.find((exit) => exits.includes(exit)) ?? exitCodes.absent;
}

function checkedExit(status: StackStatus): number {
  if (status.machine === "absent") return exitCodes.absent;
  if (status.ssh !== "answers") return exitCodes.unreachable;
  return status.firstBoot === "finished" ? exitCodes.done : exitCodes.unfinished;
}
