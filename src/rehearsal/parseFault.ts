import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { faultNames, type Fault } from "./Fault.ts";

/** Reads `NAME[@CALL]`. Throws AppError `rehearsal.fault`. */
export function parseFault(text: string): Fault {
  const at = text.indexOf("@");
  const written = at < 0 ? text : text.slice(0, at);
  const call = at < 0 ? undefined : text.slice(at + 1).trim();
  const name = faultNames.find((known) => known === written);
  if (name === undefined) {
    throw refused(`there is no fault "${written}"`, `there are: ${faultNames.join(", ")}`);
  }
  if (call === undefined) return { name };
  if (name === "action-fails" || name === "out-of-stock") {
    throw refused(`fault ${name} always strikes the making of a server`, `write --fault ${name}`);
  }
  if (call === "" || (/^\d+$/.test(call) && Number(call) === 0)) {
    throw refused(
      `"${text}" names no call`,
      `write the number of the request, from 1, or a call: ${name}@3, "${name}@DELETE /v1/servers/:id"`,
    );
  }
  return { name, call: /^\d+$/.test(call) ? Number(call) : call };
}

function refused(sentence: string, hint: string): AppError {
  return new AppError("rehearsal.fault", sentence, { hint, exit: exitCodes.usage });
}
