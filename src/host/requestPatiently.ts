import { AppError } from "../errors.ts";
import type { Ports } from "../ports/Ports.ts";
import type { HttpAnswer, HttpRequest } from "../ports/Network.ts";

const mostTries = { limited: 6, lost: 3 };
/** What is waited where the answer does not say; and never longer than the second. */
const pauseSeconds = { usual: 5, longest: 60, lost: 1 };

type Effects = Pick<Ports, "network" | "clock" | "emit">;

/**
 * One HTTP request. Where there were too many (429), waits as long as the answer says and asks again; a question (GET)
 * whose answer was lost on the way is asked again, too.
 */
export async function requestPatiently(request: HttpRequest, effects: Effects): Promise<HttpAnswer> {
  const { clock, emit } = effects;
  const host = URL.parse(request.url)?.host ?? request.url;
  for (let tries = 1; ; tries += 1) {
    const answer = await requestAgain(request, host, effects);
    if (answer.status !== 429 || tries === mostTries.limited) return answer;
    const asked = Number(answer.headers["retry-after"]);
    const seconds = Math.min(asked > 0 ? asked : pauseSeconds.usual, pauseSeconds.longest);
    const message = `${host} refuses more requests for now: waiting ${seconds} s, then going on`;
    emit({ type: "notice", level: "warning", code: "network.rateLimited", message });
    await clock.sleep(seconds * 1000);
  }
}

async function requestAgain(
  request: HttpRequest,
  host: string,
  { network, clock, emit }: Effects,
): Promise<HttpAnswer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await network.request(request);
    } catch (error) {
      if (tries === mostTries.lost || !mayBeAskedAgain(request, error)) throw error;
      const message = `${host} has not answered: asking again`;
      emit({ type: "notice", level: "info", code: "network.noAnswer", message });
      await clock.sleep(pauseSeconds.lost * 1000);
    }
  }
}

/** Only what changes nothing; and where nobody is there, nobody will be there in a second. */
function mayBeAskedAgain({ method = "GET" }: HttpRequest, error: unknown): boolean {
  return method === "GET" && error instanceof AppError && !/ENOTFOUND|ECONNREFUSED/.test(error.message);
}
