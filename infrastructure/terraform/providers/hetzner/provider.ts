import type {
  ActionContext,
  ActionResult,
  Orphan,
  Prerequisite,
  ProviderBehaviour,
  ProviderContext,
  StackContext,
} from "landfall/provider";

const provider: ProviderBehaviour = {
  checkPrerequisites,
  inspectMachine,
  findOrphans,
  removeOrphan,
  actions: { poweron },
};
export default provider;

const realApi = "https://api.hetzner.cloud/v1";

interface ApiAnswer {
  status: number;
  body: { error?: { message?: string } } & Record<string, unknown>;
}

async function ask(path: string, context: ProviderContext, method = "GET"): Promise<ApiAnswer> {
  const { status, text } = await context.host.request({
    url: (context.endpoint ?? realApi) + path,
    method,
    headers: { authorization: `Bearer ${context.secret("token") ?? ""}` },
    timeoutMs: 8000,
  });
  try {
    return { status, body: JSON.parse(text) as ApiAnswer["body"] };
  } catch {
    return { status, body: {} };
  }
}

async function checkPrerequisites(context: ProviderContext): Promise<Prerequisite[]> {
  const base = { id: "credentials", title: "API token of Hetzner Cloud" };
  const fix = "make one in the console (project, Security, API tokens, Read & Write): PROVIDER_HETZNER_TOKEN";
  if (context.secret("token") === undefined) {
    return [{ ...base, state: "missing", detail: "it is not set", fix }];
  }
  try {
    const { status } = await ask("/locations?per_page=1", context);
    if (status === 401 || status === 403) {
      return [{ ...base, state: "missing", detail: `Hetzner refuses it (status ${status})`, fix }];
    }
    if (status === 200) return [{ ...base, state: "met", detail: "accepted" }];
    return [{ ...base, state: "unknown", detail: `could not be checked: the API answered with status ${status}` }];
  } catch {
    return [
      { ...base, state: "unknown", detail: "could not be checked: the API cannot be reached (is there a network?)" },
    ];
  }
}

interface Resource {
  id: number;
  name: string;
  status?: string;
  server?: number | null;
  auto_delete?: boolean;
  labels?: Record<string, string>;
}

async function list(kind: string, query: string, context: ProviderContext): Promise<Resource[]> {
  const { status, body } = await ask(`/${kind}?per_page=50&${query}`, context);
  if (status === 200) return (body[kind] ?? []) as Resource[];
  throw context.host.error(
    "hetzner.search",
    `Hetzner did not say what exists: status ${status}${body.error?.message === undefined ? "" : `, ${body.error.message}`}`,
    "wait a minute, then run the same command again",
  );
}

function selector({ inputs }: StackContext): string {
  return `label_selector=${encodeURIComponent(`stack=${inputs.labels["stack"] ?? ""},project=${inputs.labels["project"] ?? ""}`)}`;
}

async function inspectMachine(context: StackContext): ReturnType<NonNullable<ProviderBehaviour["inspectMachine"]>> {
  if (context.secret("token") === undefined) return { state: "unknown", detail: "no token" };
  try {
    const [server] = await list("servers", selector(context), context);
    if (server === undefined) return { state: "absent" };
    const state = { off: "stopped", running: "running" } as const;
    return { state: state[server.status as keyof typeof state] ?? "unknown", detail: server.status ?? "" };
  } catch (error) {
    return { state: "unknown", detail: error instanceof Error ? error.message : String(error) };
  }
}

async function poweron(context: ActionContext): Promise<ActionResult> {
  const [server] = await list("servers", selector(context), context);
  if (server === undefined) {
    const { name } = context.stack;
    throw context.host.error("hetzner.noServer", `there is no server of ${name}`, `make it: landfall apply ${name}`);
  }
  const named = { text: `server ${server.name} runs`, data: { server: server.name } };
  if (server.status === "running") return { ...named, data: { ...named.data, changed: false } };
  const { status, body } = await ask(`/servers/${server.id}/actions/poweron`, context, "POST");
  if (status === 201) {
    return { text: `server ${server.name} is being switched on`, data: { server: server.name, changed: true } };
  }
  throw context.host.error(
    "hetzner.poweron",
    `Hetzner did not switch on server ${server.name}: status ${status}${body.error?.message === undefined ? "" : `, ${body.error.message}`}`,
    "wait a minute, then run the same command again",
  );
}

async function findOrphans(context: StackContext): Promise<Orphan[]> {
  const query = selector(context);
  const [servers, firewalls, volumes, addresses, keys] = await Promise.all([
    list("servers", query, context),
    list("firewalls", query, context),
    list("volumes", query, context),
    list("primary_ips", query, context),
    list("ssh_keys", query, context),
  ]);
  const orphan = (address: string, kind: string, { id, name }: Resource): Orphan => ({
    address,
    id: String(id),
    title: `${kind} ${name}`,
  });
  return [
    ...keys.map((key) => orphan("hcloud_ssh_key.key[0]", "SSH key", key)),
    ...firewalls.map((firewall) => orphan("hcloud_firewall.firewall", "firewall", firewall)),
    ...addresses
      .filter((address) => address.auto_delete !== true)
      .map((address) => orphan("hcloud_primary_ip.address[0]", "address", address)),
    ...servers.map((server) => orphan("hcloud_server.vm", "server", server)),
    ...volumes.flatMap((volume) => [
      orphan("hcloud_volume.data[0]", "volume", volume),
      ...(volume.server === null || volume.server === undefined
        ? []
        : [orphan("hcloud_volume_attachment.data[0]", "attachment of volume", volume)]),
    ]),
  ];
}

/** By the type of the resource that stands for them. */
const kinds: Readonly<Record<string, string>> = {
  hcloud_ssh_key: "ssh_keys",
  hcloud_firewall: "firewalls",
  hcloud_primary_ip: "primary_ips",
  hcloud_server: "servers",
  hcloud_volume: "volumes",
};

async function removeOrphan(orphan: Orphan, context: StackContext): Promise<void> {
  const type = orphan.address.replace(/[.].*/, "");
  const isAttachment = type === "hcloud_volume_attachment";
  const kind = isAttachment ? "volumes" : (kinds[type] ?? "");
  const ours = (await list(kind, selector(context), context)).find(({ id }) => String(id) === orphan.id);
  if (ours === undefined) return;
  const isAttached = kind === "volumes" && typeof ours.server === "number";
  if (isAttached) await change("POST", `/volumes/${orphan.id}/actions/detach`, orphan, context);
  if (!isAttachment) await change("DELETE", `/${kind}/${orphan.id}`, orphan, context);
}

/** What is still busy, or in use by what is being deleted, is asked for again. */
async function change(
  method: "POST" | "DELETE",
  path: string,
  { title }: Orphan,
  context: StackContext,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const { status, body } = await ask(path, context, method);
    if (status < 300 || status === 404) return;
    if (attempt === 20 || ![409, 422, 423, 429].includes(status)) {
      throw context.host.error(
        "hetzner.remove",
        `Hetzner did not remove the ${title}: status ${status}${body.error?.message === undefined ? "" : `, ${body.error.message}`}`,
        "remove it in the console, then run the same command again",
      );
    }
    await context.host.sleep(1000);
  }
}
