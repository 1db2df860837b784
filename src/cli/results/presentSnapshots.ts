import { exitCodes } from "../../exitCodes.ts";
import type { RestoreResult } from "../../operations/restoreSnapshot.ts";
import type { StackSnapshots } from "../../operations/snapshotsOfStack.ts";
import { renderTable } from "../../reporters/renderTable.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentSnapshots(result: StackSnapshots): CommandResult {
  const rows = result.snapshots.map(({ name, time, state, size, resources, encrypted, operation }) => [
    name,
    time,
    String(state.serial),
    `${size} B`,
    encrypted ? "encrypted" : String(resources),
    operation ?? "-",
  ]);
  const text =
    rows.length === 0
      ? `${result.stack}: no snapshots`
      : renderTable(["SNAPSHOT", "TIME", "SERIAL", "SIZE", "RESOURCES", "RUN"], rows);
  return { command: "state snapshots", ok: true, data: result, text, exit: exitCodes.done };
}

export function presentRestore(result: RestoreResult): CommandResult {
  const { stack, snapshot, serial, replaced, remembered, forgotten } = result;
  const lines = [
    `${stack}: the state is ${snapshot.name} again, with serial ${serial}`,
    ...remembered.map((address) => `  known again  ${address}`),
    ...forgotten.map((address) => `  forgotten    ${address}`),
    ...(replaced === undefined ? [] : [`  replaced     ${replaced}`]),
    `next: landfall plan ${stack}`,
  ];
  return { command: "state restore", ok: true, data: result, text: lines.join("\n"), exit: exitCodes.done };
}
