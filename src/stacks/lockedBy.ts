import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";
import { ageText } from "./ageText.ts";
import type { LockHolder } from "./lockStack.ts";

/** A holder that took the lock just now may not have written its name yet, or not over that of one that is gone. */
const attempts = 5;
const pauseMs = 60;

/** The error of somebody who found a stack locked: `stack.locked`, or `stack.engineAtWork` of a run that was killed. */
export async function lockedBy(
  file: string,
  own: LockHolder,
  { files, clock }: Pick<Ports, "files" | "clock">,
): Promise<AppError> {
  let holder: LockHolder | undefined;
  let gone = false;
  for (let attempt = 0; attempt < attempts && (holder === undefined || gone); attempt += 1) {
    if (attempt > 0) await clock.sleep(pauseMs);
    holder = readHolder(await files.read(file)) ?? holder;
    gone = holder !== undefined && holder.host === own.host && (await hasEnded(holder.pid, files));
  }
  if (holder === undefined) {
    return error("another run holds the stack, and has not said which", `wait for it; fuser ${file} names the process`);
  }
  const { command, pid, host, user, started } = holder;
  const age = ageText(clock.now() - Date.parse(started));
  const who = `"${command}" holds the stack: process ${pid} of ${user} on ${host}, since ${age}`;
  if (gone) {
    return error(
      `${who}; it has ended, but the engine that it started is still at work`,
      `wait; fuser ${file} names it`,
      "stack.engineAtWork",
    );
  }
  return error(
    who,
    host === own.host ? `wait for it, or end it: kill -INT ${pid}` : `wait for it, or end it on ${host}`,
  );
}

/** False also where there is no /proc to ask. */
async function hasEnded(pid: number, files: Ports["files"]): Promise<boolean> {
  return (await files.exists("/proc/self")) && !(await files.exists(`/proc/${pid}`));
}

/** Undefined where nobody has written a name, or not all of it. */
export function readHolder(text: string | undefined): LockHolder | undefined {
  try {
    return JSON.parse(text ?? "") as LockHolder;
  } catch {
    return undefined;
  }
}

function error(sentence: string, hint: string, code = "stack.locked"): AppError {
  return new AppError(code, sentence, { hint, exit: exitCodes.locked });
}
