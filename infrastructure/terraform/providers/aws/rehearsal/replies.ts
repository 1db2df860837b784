import type { ApiRequest, ErrorKind, Reply } from "landfall/rehearsal";
import { actionOf } from "./requests.ts";

export function error(kind: ErrorKind, request: ApiRequest): Reply {
  switch (kind) {
    case "rate-limit":
      return failure(503, "RequestLimitExceeded", "Request limit exceeded.");
    case "server-error":
      return failure(500, "InternalError", "An internal error has occurred");
    case "out-of-stock":
      return failure(
        500,
        "InsufficientInstanceCapacity",
        "We currently do not have sufficient capacity in the Availability Zone you requested.",
      );
    case "unsupported":
      return failure(
        501,
        "UnsupportedOperation",
        `The simulation does not support ${actionOf(request) ?? request.path}`,
      );
  }
}

/** What is wrong with the request itself. */
export function refuse(code: string, message: string): Reply {
  return failure(400, code, message);
}

export function failure(status: number, code: string, message: string): Reply {
  return {
    status,
    headers: { "content-type": "text/xml;charset=UTF-8" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${escape(message)}</Message></Error></Errors><RequestID>00000000-0000-4000-8000-000000000000</RequestID></Response>`,
  };
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
