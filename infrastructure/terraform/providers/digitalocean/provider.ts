import type { Prerequisite, ProviderBehaviour, ProviderContext, StackContext } from "landfall/provider";
import { ask, call, listAll, type Answer } from "./api.ts";
import { dropletOf, findNameless, findOrphans, prefixOf, removeOrphan, tagsOf } from "./search.ts";

const provider: ProviderBehaviour = {
  checkPrerequisites,
  prepare,
  stopMachine,
  cleanUp,
  inspectMachine,
  findOrphans,
  findNameless,
  removeOrphan,
};
export default provider;

const shutdownSeconds = 120;

async function checkPrerequisites(context: ProviderContext): Promise<Prerequisite[]> {
  return [{ id: "credentials", title: "DigitalOcean token", ...(await tokenState(context)) }];
}

type TokenState = Pick<Prerequisite, "state" | "detail" | "fix">;

async function tokenState(context: ProviderContext): Promise<TokenState> {
  const fix = "make one at https://cloud.digitalocean.com/account/api/tokens and set PROVIDER_DIGITALOCEAN_TOKEN";
  if (context.secret("token") === undefined) return { state: "missing", detail: "it is not set", fix };
  let answer: Answer;
  try {
    answer = await ask(context, "/account", { timeoutMs: 8_000 });
  } catch {
    return { state: "unknown", detail: "could not be checked: the API cannot be reached (is there a network?)" };
  }
  const { status, body } = answer;
  if (status === 401) return { state: "missing", detail: "DigitalOcean does not know it, or it has expired", fix };
  if (status === 403) {
    return {
      state: "missing",
      detail: "it is known, but must not read the account",
      fix: "give it the scopes that the provider's README lists",
    };
  }
  if (status !== 200) return { state: "unknown", detail: `could not be checked: the API answered ${status}` };
  return accountState(body["account"] as Account | undefined);
}

interface Account {
  email?: string;
  status?: string;
  status_message?: string;
  team?: { name?: string };
}

function accountState({ email, status, status_message: why, team }: Account = {}): TokenState {
  const who = [email ?? "an account without an address", ...(team?.name === undefined ? [] : [`team ${team.name}`])];
  if (status === "locked") {
    return {
      state: "missing",
      detail: `the account is locked${why === undefined || why === "" ? "" : `: ${why}`}`,
      fix: "see https://cloud.digitalocean.com for the reason",
    };
  }
  return { state: "met", detail: who.join(", ") };
}

/** A public key can be in an account only once: one that is there under another name is used as it is. */
async function prepare(context: StackContext): Promise<Record<string, string>> {
  const own = await publicKeyOf(context);
  if (own === undefined || context.secret("token") === undefined) return { ssh_key: "" };
  const keys = await listAll<{ id: number; name: string; public_key: string }>(context, "/account/keys", "ssh_keys");
  const same = keys.find(({ public_key: text }) => withoutComment(text) === withoutComment(own));
  return { ssh_key: same === undefined || same.name === prefixOf(context) ? "" : String(same.id) };
}

/** Before the first plan of a stack it may not be known yet. */
async function publicKeyOf({ host, inputs, stack }: StackContext): Promise<string | undefined> {
  const given = (inputs as { ssh_public_key?: string }).ssh_public_key;
  if (given !== undefined) return given;
  const text = await host.files.read(`${stack.directory}/terraform.tfvars.json`);
  return text === undefined ? undefined : (JSON.parse(text) as { ssh_public_key?: string }).ssh_public_key;
}

function withoutComment(key: string): string {
  return key.trim().split(/\s+/).slice(0, 2).join(" ");
}

/** The plugin cuts the power before it resizes or removes a droplet. */
async function stopMachine(context: StackContext): Promise<void> {
  const { host } = context;
  const droplet = await dropletOf(context);
  if (droplet === undefined || droplet.status !== "active") return;
  await host.step("clean shutdown of the droplet", async () => {
    await call(context, `/droplets/${droplet.id}/actions`, { method: "POST", body: { type: "shutdown" } });
    for (let seconds = 0; seconds < shutdownSeconds; seconds += 2) {
      const now = await dropletOf(context);
      if (now === undefined || now.status === "off") return;
      await host.sleep(2_000);
    }
    throw host.error(
      "digitalocean.noShutdown",
      `droplet ${droplet.name} did not shut down within ${shutdownSeconds} s; nothing was changed`,
      `log in and see what keeps it (landfall ssh ${context.stack.name}), shut it down there, then run the same command again`,
    );
  });
}

/** Tags stay when what they were on is gone; those that nothing else carries go too. */
async function cleanUp(context: StackContext): Promise<void> {
  for (const tag of tagsOf(context)) {
    const path = `/tags/${encodeURIComponent(tag)}`;
    const { status, body } = await call(context, path, { accepted: [404] });
    const count = (body["tag"] as { resources?: { count?: number } } | undefined)?.resources?.count;
    if (status === 200 && count === 0) await call(context, path, { method: "DELETE", accepted: [404] });
  }
}

const states = { new: "unknown", active: "running", off: "stopped", archive: "absent" } as const;

async function inspectMachine(context: StackContext): ReturnType<NonNullable<ProviderBehaviour["inspectMachine"]>> {
  if (context.secret("token") === undefined) return { state: "unknown", detail: "no token" };
  try {
    const droplet = await dropletOf(context);
    if (droplet === undefined) return { state: "absent" };
    return { state: states[droplet.status], detail: droplet.status === "new" ? "being made" : droplet.status };
  } catch (error) {
    return { state: "unknown", detail: error instanceof Error ? error.message : String(error) };
  }
}
