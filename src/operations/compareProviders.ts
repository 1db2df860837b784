import { loadConfiguration } from "../configuration/loadConfiguration.ts";
import { parseAssignments } from "../configuration/parseAssignments.ts";
import { AppError } from "../errors.ts";
import type { Prerequisite } from "../providers/behaviour.ts";
import { loadBehaviour } from "../providers/loadBehaviour.ts";
import type { Provider } from "../providers/Provider.ts";
import { chooseType } from "./chooseType.ts";
import { listProviders } from "./listProviders.ts";
import { declaredApplication } from "./declaredApplication.ts";
import type { OperationContext } from "./OperationContext.ts";
import { providerContext } from "./providerContext.ts";
import { providerSettings } from "./providerSettings.ts";
import { selectEnvironment } from "./selectEnvironment.ts";

export interface ProviderOffer {
  provider: string;
  title: string;
  /** What the environment asks for there: MiB, count, GiB. Absent where that cannot be told. */
  size?: { memory: number; vcpus: number; disk: number };
  /** Absent where machines have no types, or where nothing fits. */
  type?: string;
  region?: string;
  monthlyPrice?: number;
  currency?: string;
  /** Of the price: YYYY-MM-DD. */
  date?: string;
  /** What this environment asks for and the provider cannot give, or why it cannot be used. */
  problems: readonly string[];
  /** What the provider cannot do, asked for or not. */
  lacks: readonly { capability: string; reason: string }[];
  credentials: "ready" | "missing" | "not checked" | "not needed";
  credentialsDetail?: string;
}

export interface Comparison {
  environment: string;
  offers: readonly ProviderOffer[];
}

/** What one environment would be on every provider. Changes nothing; asks each provider once whether it accepts the credentials. */
export async function compareProviders(
  options: { environment: string; set: readonly string[] },
  context: OperationContext,
): Promise<Comparison> {
  const environment = selectEnvironment(options.environment, context);
  const [{ providers }, overrides] = await Promise.all([
    listProviders(context),
    parseAssignments(options.set, context.ports),
  ]);
  const offers = await Promise.all(providers.map((provider) => offerOf(provider, environment, overrides, context)));
  offers.sort((a, b) => rank(a) - rank(b) || (a.provider < b.provider ? -1 : 1));
  return { environment, offers };
}

/** What costs nothing first, what cannot be told last. */
function rank({ monthlyPrice, type, problems }: ProviderOffer): number {
  if (problems.length > 0) return Infinity;
  return monthlyPrice ?? (type === undefined ? 0 : Infinity);
}

async function offerOf(
  provider: Provider,
  environment: string,
  overrides: ReadonlyMap<string, string>,
  context: OperationContext,
): Promise<ProviderOffer> {
  const { name, title, capabilities, catalog } = provider.manifest;
  const lacks = (["data_disk", "reserve_address", "ipv6", "user_data", "console"] as const).flatMap((capability) => {
    const reason = capabilities[capability];
    return reason === true ? [] : [{ capability, reason }];
  });
  const base = { provider: name, title, lacks };
  const [credentials, size] = await Promise.all([
    credentialsOf(provider, context),
    sizeOf(provider, environment, overrides, context),
  ]);
  if (size instanceof AppError) {
    const problems = size.problems.length > 0 ? size.problems.map(({ message }) => message) : [size.message];
    return { ...base, ...credentials, problems };
  }
  const { configuration, choice } = size;
  const { vmMemory: memory, vmVcpus: vcpus, vmDiskSize: disk } = configuration.standard;
  const region = catalog === undefined ? undefined : configuration.settings[catalog.region];
  const { monthlyPrice, currency, date } = choice?.choice ?? {};
  return {
    ...base,
    ...credentials,
    size: { memory, vcpus, disk },
    problems: [],
    ...(choice === undefined ? {} : { type: choice.type }),
    ...(region === undefined ? {} : { region }),
    ...(monthlyPrice === undefined ? {} : { monthlyPrice }),
    ...(currency === undefined ? {} : { currency }),
    ...(date === undefined ? {} : { date }),
  };
}

/** With samples where values are not given yet: to compare, nothing has to be filled in. */
async function sizeOf(
  provider: Provider,
  environment: string,
  overrides: ReadonlyMap<string, string>,
  { workspace, ports }: OperationContext,
) {
  try {
    const configuration = await loadConfiguration(
      {
        workspace,
        environment,
        provider: provider.name,
        manifest: provider.manifest,
        overrides,
        application: declaredApplication({ workspace, ports }),
        persist: false,
        rehearsal: true,
      },
      ports,
    );
    return { configuration, choice: await chooseType({ provider, configuration }, undefined, ports) };
  } catch (error) {
    // An environment that does not exist is no matter of one provider.
    if (!(error instanceof AppError) || error.code.startsWith("environment.")) throw error;
    return error;
  }
}

async function credentialsOf(
  provider: Provider,
  context: OperationContext,
): Promise<Pick<ProviderOffer, "credentials" | "credentialsDetail">> {
  if (provider.manifest.capabilities.local === true) return { credentials: "not needed" };
  try {
    const settings = await providerSettings(provider, false, context);
    if (settings.unfetched.length > 0) {
      const detail = `kept elsewhere, and not fetched to compare: landfall doctor ${provider.name}`;
      return { credentials: "not checked", credentialsDetail: detail };
    }
    const behaviour = await loadBehaviour(provider, context);
    const forProvider = providerContext(provider, settings, { unattended: true, stage: undefined }, context);
    const found = (await behaviour.checkPrerequisites?.(forProvider))?.find(({ id }) => id === "credentials");
    const secrets = Object.entries(provider.manifest.settings).filter(([, { secret }]) => secret);
    const missing = secrets.some(([key, { required }]) => required && settings.secrets[key] === undefined);
    if (found === undefined) {
      return { credentials: missing ? "missing" : secrets.length === 0 ? "not needed" : "not checked" };
    }
    const { detail } = found;
    return { credentials: words[found.state], ...(detail === undefined ? {} : { credentialsDetail: detail }) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { credentials: "not checked", credentialsDetail: error.message };
  }
}

const words: Record<Prerequisite["state"], ProviderOffer["credentials"]> = {
  met: "ready",
  missing: "missing",
  unknown: "not checked",
};
