import type { ApiRequest, Reply } from "landfall/rehearsal";
import { refuse } from "./replies.ts";
import { actionOf, fieldOf, signerOf } from "./requests.ts";

/** Launches by their client tokens, which moto does not know. */
export interface Launches {
  /** The same token means the same instances: a client that lost the answer asks again. */
  answerOf(request: ApiRequest): Reply | undefined;
  note(request: ApiRequest, reply: Reply): void;
}

export function rememberLaunches(): Launches {
  const known = new Map<string, { fields: string; reply: Reply }>();
  return {
    answerOf(request) {
      const launch = known.get(keyOf(request) ?? "");
      if (launch === undefined || launch.fields === fieldsOf(request)) return launch?.reply;
      return refuse(
        "IdempotentParameterMismatch",
        "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
      );
    },
    note(request, reply) {
      const key = keyOf(request);
      if (key !== undefined && reply.status === 200) known.set(key, { fields: fieldsOf(request), reply });
    },
  };
}

/** Undefined for what launches nothing, or without a token. */
function keyOf(request: ApiRequest): string | undefined {
  const token = actionOf(request) === "RunInstances" ? fieldOf(request, "ClientToken") : undefined;
  return token === undefined ? undefined : `${signerOf(request)?.region} ${token}`;
}

function fieldsOf({ body }: ApiRequest): string {
  return JSON.stringify(Object.entries(body as object).toSorted());
}
