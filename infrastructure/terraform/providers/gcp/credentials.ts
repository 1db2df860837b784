import type { Host, ProviderContext } from "landfall/provider";

/** What a rehearsal accepts; the plugin gets the same (rehearsal.ts). */
const sampleToken = "ya29.sample-of-a-rehearsal";
const scope = "https://www.googleapis.com/auth/cloud-platform";
const tokenAddress = "https://oauth2.googleapis.com/token";

/** How a token was found, or why there is none. */
export type Login =
  | {
      kind: "token";
      token: string;
      who: string;
      /** Only gcloud has it: the plugin does not look there. */ gcloudOnly?: true;
    }
  | { kind: "refused"; detail: string }
  | { kind: "none"; detail: string };

interface Key {
  type?: string;
  client_email?: string;
  private_key?: string;
  private_key_id?: string;
  token_uri?: string;
  client_id?: string;
  client_secret?: string;
  refresh_token?: string;
}

/** Looks where the plugin looks, in its order. Throws `network.unreachable` where Google cannot be asked. */
export async function logIn({ endpoint, host }: ProviderContext): Promise<Login> {
  if (endpoint !== undefined) return { kind: "token", token: sampleToken, who: "the rehearsal" };
  const login = await ownLogin(host);
  const account = host.system.environment["GOOGLE_IMPERSONATE_SERVICE_ACCOUNT"] ?? "";
  return account === "" || login.kind !== "token" ? login : impersonate(account, login.token, host);
}

async function ownLogin(host: Host): Promise<Login> {
  const { environment } = host.system;
  const token = environment["GOOGLE_OAUTH_ACCESS_TOKEN"] ?? "";
  if (token !== "") return { kind: "token", token, who: "GOOGLE_OAUTH_ACCESS_TOKEN" };
  const found = await findKey(host);
  if (found === undefined) return gcloudLogin(host);
  const { key, origin } = found;
  if (key === undefined) return { kind: "refused", detail: `${origin} holds no credentials` };
  if (key.type === "authorized_user") {
    const { client_id = "", client_secret = "", refresh_token = "" } = key;
    const form = { grant_type: "refresh_token", client_id, client_secret, refresh_token };
    return exchange(tokenAddress, form, `a user account (${origin})`, host);
  }
  if (key.type === "service_account") {
    const assertion = await signedClaim(key).catch(() => undefined);
    if (assertion === undefined) return { kind: "refused", detail: `the private key in ${origin} cannot be read` };
    const form = { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion };
    return exchange(key.token_uri ?? tokenAddress, form, key.client_email ?? origin, host);
  }
  // Such as a federated identity: gcloud knows how to use it, if it is there.
  const given = await askGcloud(["auth", "application-default", "print-access-token"], host);
  if (given !== undefined) return { kind: "token", token: given, who: origin };
  return {
    kind: "none",
    detail: `only the plugin can use credentials of the type ${key.type ?? "unknown"} (${origin})`,
  };
}

/** The key that the plugin would use. */
async function findKey(host: Host): Promise<{ key: Key | undefined; origin: string } | undefined> {
  const { environment, home } = host.system;
  for (const name of ["GOOGLE_CREDENTIALS", "GOOGLE_CLOUD_KEYFILE_JSON", "GCLOUD_KEYFILE_JSON"]) {
    const value = environment[name] ?? "";
    if (value === "") continue;
    const text = value.trim().startsWith("{") ? value : await host.files.read(value);
    return { key: parsed(text), origin: name };
  }
  const file = environment["GOOGLE_APPLICATION_CREDENTIALS"] ?? "";
  if (file !== "") return { key: parsed(await host.files.read(file)), origin: "GOOGLE_APPLICATION_CREDENTIALS" };
  const directory = environment["CLOUDSDK_CONFIG"] ?? `${home}/.config/gcloud`;
  const text = await host.files.read(`${directory}/application_default_credentials.json`);
  return text === undefined ? undefined : { key: parsed(text), origin: "application default credentials" };
}

function parsed(text: string | undefined): Key | undefined {
  try {
    const key: unknown = JSON.parse(text ?? "");
    return typeof key === "object" && key !== null ? key : undefined;
  } catch {
    return undefined;
  }
}

async function gcloudLogin(host: Host): Promise<Login> {
  const token = await askGcloud(["auth", "print-access-token"], host);
  if (token === undefined) return { kind: "none", detail: "no credentials were found on this computer" };
  return { kind: "token", token, who: "gcloud", gcloudOnly: true };
}

async function askGcloud(args: readonly string[], host: Host): Promise<string | undefined> {
  const program = await host.which("gcloud");
  if (program === undefined) return undefined;
  const { status, stdout } = await host.run(program, args, { timeoutMs: 15_000 });
  const token = stdout.trim();
  return status === 0 && token !== "" ? token : undefined;
}

async function exchange(url: string, form: Readonly<Record<string, string>>, who: string, host: Host): Promise<Login> {
  const answer = await host.request({
    url,
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
    timeoutMs: 8000,
  });
  const { access_token: token, error } = read<{ access_token?: string; error?: string }>(answer.text);
  if (answer.status === 200 && token !== undefined) return { kind: "token", token, who };
  return { kind: "refused", detail: `Google gives ${who} no token: ${error ?? `status ${answer.status}`}` };
}

async function impersonate(account: string, token: string, host: Host): Promise<Login> {
  const answer = await host.request({
    url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ scope: [scope] }),
    timeoutMs: 8000,
  });
  const { accessToken } = read<{ accessToken?: string }>(answer.text);
  if (answer.status === 200 && accessToken !== undefined) return { kind: "token", token: accessToken, who: account };
  return { kind: "refused", detail: `Google gives no token for ${account}: status ${answer.status}` };
}

function read<T extends object>(text: string): T | Record<string, undefined> {
  try {
    return JSON.parse(text) as T;
  } catch {
    return {};
  }
}

/** What a service account proves itself with: RFC 7523, signed with RS256. */
async function signedClaim({ client_email, private_key, private_key_id, token_uri }: Key): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: "RS256", typ: "JWT", kid: private_key_id };
  const claim = { iss: client_email, scope, aud: token_uri ?? tokenAddress, iat: now, exp: now + 3600 };
  const unsigned = [header, claim].map((part) => encoded(new TextEncoder().encode(JSON.stringify(part)))).join(".");
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("pkcs8", derOf(private_key ?? ""), algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign(algorithm.name, key, new TextEncoder().encode(unsigned));
  return `${unsigned}.${encoded(new Uint8Array(signature))}`;
}

/** The content of a PEM block. */
function derOf(pem: string): Uint8Array<ArrayBuffer> {
  const text = atob(pem.replace(/-----[^-]+-----/g, "").replace(/\s/g, ""));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function encoded(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
