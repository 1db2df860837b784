import type { Event } from "../events/Event.ts";

/** PostgreSQL's backend answers with the lock that was asked for in place of the one that is held. */
const namesTheAsker = /Workspace is already locked|already locked for workspace creation/i;

/** An event without the words that would name us as the holder of a lock that we could not get. */
export function withoutOwnLock(event: Event): Event {
  if (event.type !== "diagnostic" || !namesTheAsker.test(event.detail)) return event;
  return { ...event, detail: event.detail.replace(/\n?Lock Info:[^]*$/, "").trim() };
}
