import { exitCodes } from "../../exitCodes.ts";
import type { MoveResult } from "../../operations/moveState.ts";
import type { RotationResult } from "../../operations/rotateStateKey.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentMove(result: MoveResult): CommandResult {
  const { stack, from, to, moved, resources, snapshot } = result;
  const lines = moved
    ? [
        `${stack}: the state is in ${to} now (${resources} resources)`,
        `  before     ${from}: what is left there only says where the state is`,
        ...(snapshot === undefined ? [] : [`  snapshot   ${snapshot}`]),
      ]
    : [`${stack}: the state is in ${to} already`];
  return { command: "state move", ok: true, data: { ...result }, text: lines.join("\n"), exit: exitCodes.done };
}

export function presentRotation(result: RotationResult): CommandResult {
  const { environment, file, stacks, previousKept, resumed } = result;
  const lines = [
    resumed
      ? `${environment}: ${stacks.length} states are kept with the present key; ${file} had the previous one still`
      : `${environment}: a new key stands in ${file}, and ${stacks.length} states are kept with it`,
    ...stacks.map((stack) => `  ${stack}`),
    ...(previousKept
      ? [
          "next: give the file to everybody who works on this environment; when every stack was used once,",
          "      take STATE_ENCRYPTION_KEY_PREVIOUS out",
        ]
      : []),
  ];
  return { command: "state rotate", ok: true, data: { ...result }, text: lines.join("\n"), exit: exitCodes.done };
}
