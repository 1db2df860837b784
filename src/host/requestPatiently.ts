import type { Ports } from "../ports/Ports.ts";
import type { HttpAnswer, HttpRequest } from "../ports/Network.ts";

const mostTries = 6;
/** What is waited where the answer does not say; and never longer than the second. */
const pauseSeconds = { usual: 5, longest: 60 };

/** One HTTP request; where there were too many (429), waits as long as the answer says and asks again. */
export async function requestPatiently(
  request: HttpRequest,
  { network, clock, emit }: Pick<Ports, "network" | "clock" | "emit">,
): Promise<HttpAnswer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await network.request(request);
    if (answer.status !== 429 || tries === mostTries) return answer;
    const asked = Number(answer.headers["retry-after"]);
    const seconds = Math.min(asked > 0 ? asked : pauseSeconds.usual, pauseSeconds.longest);
    const host = URL.parse(request.url)?.host ?? request.url;
    const message = `${host} refuses more requests for now: waiting ${seconds} s, then going on`;
    emit({ type: "notice", level: "warning", code: "network.rateLimited", message });
    await clock.sleep(seconds * 1000);
  }
}
