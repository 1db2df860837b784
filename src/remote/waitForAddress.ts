import { waitErrors } from "./waitErrors.ts";
import type { Wait } from "./Wait.ts";

const pollMs = 1000;

/** The first address that the provider gives. */
export async function waitForAddress(wait: Wait): Promise<string> {
  const { request, phases } = wait;
  phases.start("address", wait.sshLeft());
  for (;;) {
    const answer = await request.address();
    wait.checkInterrupted();
    if (answer !== undefined && isAddress(answer)) {
      phases.finish();
      return answer;
    }
    if (phases.left() === 0) throw waitErrors.noAddress(request.stack, phases.elapsed(), answer);
    phases.progress(answer === undefined ? "none assigned yet" : `the provider says: ${answer}`);
    await wait.pause(Math.min(pollMs, phases.left()));
  }
}

const ipv6 = /^(?=.*:.*:)[0-9a-f:.]+(%[\w.-]+)?$/i;
const ipv4OrName = /^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+$/i;

/** Providers put sentences where an address will be. A host name needs a dot, so that one word is none. */
function isAddress(text: string): boolean {
  return text === "localhost" || ipv4OrName.test(text) || ipv6.test(text);
}
