import type { Ports } from "../ports/Ports.ts";
import type { ApiRequest, Reply } from "./Rehearsal.ts";

/** Headers that belong to one connection. */
const hopByHop = ["connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "host"];

/** As `RehearsalKit.forward`. */
export async function forwardRequest(
  { method, target, headers, text }: ApiRequest,
  origin: string,
  { network }: Pick<Ports, "network">,
): Promise<Reply> {
  const answer = await network.request({
    url: origin + target,
    method,
    headers: endToEnd(headers),
    ...(method === "GET" || method === "HEAD" ? {} : { body: text }),
    timeoutMs: 120_000,
  });
  return { status: answer.status, headers: endToEnd(answer.headers), body: answer.text };
}

function endToEnd(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.includes(name)));
}
