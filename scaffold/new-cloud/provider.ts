import type { Orphan, ProviderBehaviour, StackContext } from "landfall/provider";

/**
 * Every function may be called again after any failure. What else there can be (checkPrerequisites, prepare, stopMachine,
 * cleanUp, actions): docs/providers/contract.md, "Behaviour".
 */
const provider: ProviderBehaviour = { inspectMachine, findOrphans };
export default provider;

// TODO: the cloud's own.
const realApi = "https://api.new-cloud.invalid/v1";

interface Server {
  id: number;
  name: string;
  status: string;
}

/** What `landfall status` says of the machine. */
async function inspectMachine(context: StackContext): ReturnType<NonNullable<ProviderBehaviour["inspectMachine"]>> {
  try {
    const [server] = await servers(context);
    if (server === undefined) return { state: "absent" };
    return { state: server.status === "off" ? "stopped" : "running", detail: server.status };
  } catch (error) {
    return { state: "unknown", detail: error instanceof Error ? error.message : String(error) };
  }
}

/** What exists with the stack's labels, by its address in main.tf: it is imported instead of made twice. */
async function findOrphans(context: StackContext): Promise<Orphan[]> {
  // TODO: the machine's address in main.tf; everything else that the module makes, too.
  return (await servers(context)).map(({ id, name }) => ({
    address: "terraform_data.machine",
    id: String(id),
    title: `server ${name}`,
  }));
}

/** The servers of this stack. TODO: the cloud's own way of asking by label. */
async function servers(context: StackContext): Promise<Server[]> {
  const stack = context.inputs.labels["stack"] ?? "";
  const { status, text } = await context.host.request({
    // In a rehearsal every call goes to the simulation.
    url: `${context.endpoint ?? realApi}/servers?stack=${encodeURIComponent(stack)}`,
    headers: { authorization: `Bearer ${context.secret("token") ?? ""}` },
    timeoutMs: 8000,
  });
  if (status === 200) return (JSON.parse(text) as { servers: Server[] }).servers;
  throw context.host.error(
    "new-cloud.search",
    `New Cloud did not say what exists: status ${status}`,
    "wait a minute, then run the same command again",
  );
}
