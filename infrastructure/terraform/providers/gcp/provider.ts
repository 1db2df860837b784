import type { Orphan, Prerequisite, ProviderBehaviour, ProviderContext, StackContext } from "landfall/provider";
import { logIn } from "./credentials.ts";

const provider: ProviderBehaviour = { checkPrerequisites, inspectMachine, findOrphans, removeOrphan };
export default provider;

const realApi = "https://compute.googleapis.com/compute/v1/";

interface ApiError {
  message?: string;
  errors?: readonly { reason?: string }[];
}

interface ApiAnswer {
  status: number;
  body: { error?: ApiError } & Record<string, unknown>;
}

/** How long too many requests are waited out: quotas are counted by the minute. */
const patience = { pauses: 4, ms: 20_000 };

/** @param path below the project */
async function get(
  path: string,
  token: string,
  { endpoint, host, settings }: ProviderContext,
  method: "GET" | "DELETE" = "GET",
): Promise<ApiAnswer> {
  const base = `${endpoint ?? realApi}projects/${settings["project"] ?? ""}`;
  const { status, text } = await host.request({
    url: path === "" ? base : `${base}/${path}`,
    method,
    headers: { authorization: `Bearer ${token}` },
    timeoutMs: 8000,
  });
  try {
    return { status, body: JSON.parse(text) as ApiAnswer["body"] };
  } catch {
    return { status, body: {} };
  }
}

function isLimited({ status, body }: ApiAnswer): boolean {
  return status === 403 && body.error?.errors?.[0]?.reason === "rateLimitExceeded";
}

async function checkPrerequisites(context: ProviderContext): Promise<Prerequisite[]> {
  const base = { id: "credentials", title: "credentials for Google Cloud" };
  if ((context.settings["project"] ?? "") === "") {
    return [{ ...base, state: "unknown", detail: "checked when PROVIDER_GCP_PROJECT is set" }];
  }
  try {
    return [{ ...base, ...(await checkLogin(context)) }];
  } catch {
    return [
      { ...base, state: "unknown", detail: "could not be checked: Google cannot be reached (is there a network?)" },
    ];
  }
}

const logInByHand = "gcloud auth application-default login";

async function checkLogin(context: ProviderContext): Promise<Pick<Prerequisite, "state" | "detail" | "fix">> {
  const project = context.settings["project"] ?? "";
  const login = await logIn(context);
  if (login.kind === "none") return { state: "unknown", detail: login.detail, fix: logInByHand };
  if (login.kind === "refused") return { state: "missing", detail: login.detail, fix: logInByHand };
  const answer = await get("", login.token, context);
  const { status, body } = answer;
  if (isLimited(answer)) return { state: "unknown", detail: "could not be checked: too many requests" };
  if (status === 401) return { state: "missing", detail: `Google refuses ${login.who} (expired?)`, fix: logInByHand };
  if (status === 404) {
    return {
      state: "missing",
      detail: `there is no project ${project}`,
      fix: "look at the project's id: gcloud projects list",
    };
  }
  if (status === 403) return forbidden(body.error, login.who, project);
  if (status !== 200)
    return { state: "unknown", detail: `could not be checked: the API answered with status ${status}` };
  if (login.gcloudOnly !== true) return { state: "met", detail: `${login.who}, project ${project}` };
  return { state: "unknown", detail: "gcloud is logged in; the plugin has a login of its own", fix: logInByHand };
}

function forbidden(
  error: ApiError | undefined,
  who: string,
  project: string,
): Pick<Prerequisite, "state" | "detail" | "fix"> {
  const reason = error?.errors?.[0]?.reason ?? "";
  if (reason === "accessNotConfigured" || /has not been used|is disabled/.test(error?.message ?? "")) {
    const fix = `gcloud services enable compute.googleapis.com --project ${project}`;
    return { state: "missing", detail: `the Compute Engine API is off in ${project}`, fix };
  }
  const fix = `give it the role roles/compute.instanceAdmin.v1 and roles/compute.securityAdmin in ${project}`;
  return { state: "missing", detail: `${who} may not use ${project}`, fix };
}

interface Resource {
  name: string;
  status?: string;
  description?: string;
  labels?: Readonly<Record<string, string>>;
}

/** One resource, or the items of a list; undefined where there is none. */
async function look(
  path: string,
  context: StackContext,
  method: "GET" | "DELETE" = "GET",
): Promise<ApiAnswer["body"] | undefined> {
  const login = await logIn(context);
  const failed = (why: string): Error =>
    context.host.error(
      "gcp.search",
      `Google did not say what exists: ${why}`,
      `log in (${logInByHand}), or wait a minute; then the same command again`,
    );
  if (login.kind !== "token") throw failed(login.detail);
  let answer = await get(path, login.token, context, method);
  for (let pause = 0; isLimited(answer) && pause < patience.pauses; pause += 1) {
    await context.host.sleep(patience.ms);
    answer = await get(path, login.token, context, method);
  }
  const { status, body } = answer;
  if (status === 404) return undefined;
  if (status === 200) return body;
  throw failed(`status ${status}${body.error?.message === undefined ? "" : `, ${body.error.message}`}`);
}

/** The same names as in main.tf. */
function placesOf({ settings, inputs }: StackContext): { name: string; region: string; zone: string } {
  const region = settings["region"] ?? "";
  const first = ["europe-west1", "us-east1", "asia-southeast1"].includes(region) ? "b" : "a";
  const given = settings["zone"] ?? "";
  const name = `${inputs.labels["project"] ?? ""}-${inputs.labels["environment"] ?? ""}`
    .replace(/[^0-9A-Za-z-]+/g, "-")
    .toLowerCase()
    .slice(0, 52)
    .replace(/^-+|-+$/g, "");
  return { name, region, zone: given === "" ? `${region}-${first}` : given };
}

function labelOf(key: string, { inputs }: StackContext): string {
  return (inputs.labels[key] ?? "")
    .replace(/[^0-9A-Za-z_-]+/g, "-")
    .toLowerCase()
    .slice(0, 63);
}

/** Whether something carries this stack's labels, in its description where it takes no labels. */
function isOurs({ labels, description }: Resource, context: StackContext): boolean {
  return ["project", "stack"].every((key) => {
    const value = labelOf(key, context);
    return labels?.[key] === value || (description ?? "").match(new RegExp(`\\b${key}=${value}(?![\\w-])`)) !== null;
  });
}

async function inspectMachine(context: StackContext): ReturnType<NonNullable<ProviderBehaviour["inspectMachine"]>> {
  try {
    const { zone } = placesOf(context);
    const found = (await look(`zones/${zone}/instances/${context.inputs.vm_name}`, context)) as Resource | undefined;
    if (found === undefined || !isOurs(found, context)) return { state: "absent" };
    const stopped = ["STOPPING", "STOPPED", "SUSPENDING", "SUSPENDED", "TERMINATED"].includes(found.status ?? "");
    const state = stopped ? "stopped" : found.status === "RUNNING" ? "running" : "unknown";
    return { state, detail: (found.status ?? "").toLowerCase() };
  } catch (error) {
    return { state: "unknown", detail: error instanceof Error ? error.message : String(error) };
  }
}

async function findOrphans(context: StackContext): Promise<Orphan[]> {
  const { name, region, zone } = placesOf(context);
  const { inputs } = context;
  const project = context.settings["project"] ?? "";
  const one = async (place: string, address: string, title: string): Promise<Orphan[]> => {
    const found = (await look(place, context)) as Resource | undefined;
    if (found === undefined || !isOurs(found, context)) return [];
    return [{ address, id: `projects/${project}/${place}`, title: `${title} ${found.name}` }];
  };
  const found = await Promise.all([
    findRules(name, context),
    one(`regions/${region}/addresses/${name}`, "google_compute_address.address[0]", "address"),
    one(`zones/${zone}/disks/${name}-data`, "google_compute_disk.data[0]", "disk"),
    one(`zones/${zone}/instances/${inputs.vm_name}`, "google_compute_instance.vm", "instance"),
  ]);
  return found.flat();
}

async function findRules(name: string, context: StackContext): Promise<Orphan[]> {
  const filter = encodeURIComponent(`name eq "${name}-.*"`);
  const list = (await look(`global/firewalls?maxResults=500&filter=${filter}`, context)) as { items?: Resource[] };
  return (list.items ?? []).flatMap((rule): Orphan[] => {
    const key = rule.name.slice(name.length + 1);
    const address = key === "deny" ? "google_compute_firewall.deny" : `google_compute_firewall.allow["${key}"]`;
    if (!isOurs(rule, context) || !/^(deny|[a-z]+-\d+)$/.test(key)) return [];
    const id = `projects/${context.settings["project"] ?? ""}/global/firewalls/${rule.name}`;
    return [{ address, id, title: `firewall rule ${rule.name}` }];
  });
}

const removal = { looks: 90, ms: 2000 };

/** Google deletes in its own time. */
async function removeOrphan({ id, title }: Orphan, context: StackContext): Promise<void> {
  const place = id.replace(/^projects\/[^/]+\//, "");
  const found = (await look(place, context)) as Resource | undefined;
  if (found === undefined || !isOurs(found, context)) return;
  await look(place, context, "DELETE");
  for (let tries = 0; tries < removal.looks; tries += 1) {
    if ((await look(place, context)) === undefined) return;
    await context.host.sleep(removal.ms);
  }
  throw context.host.error("gcp.remove", `Google has not removed the ${title} yet`, "run the same command again later");
}
