import { exitCodes } from "../../exitCodes.ts";
import type { Comparison, ProviderOffer } from "../../operations/compareProviders.ts";
import { renderTable } from "../../reporters/renderTable.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentComparison(comparison: Comparison): CommandResult {
  const { environment, offers } = comparison;
  const table = renderTable(
    ["PROVIDER", "ASKED FOR", "TYPE", "REGION", "A MONTH", "PRICE OF", "CREDENTIALS"],
    offers.map((offer) => [
      offer.provider,
      askedFor(offer),
      offer.type ?? (offer.problems.length > 0 ? "cannot" : "any size"),
      offer.region ?? "-",
      priceOf(offer),
      offer.date ?? "-",
      offer.credentials,
    ]),
  );
  return {
    command: "compare",
    ok: true,
    data: comparison,
    text: [environment, "", table, ...remarks(offers)].join("\n"),
    exit: exitCodes.done,
  };
}

function askedFor({ size }: ProviderOffer): string {
  return size === undefined ? "-" : `${size.vcpus} x, ${size.memory} MiB, ${size.disk} GiB`;
}

function priceOf({ monthlyPrice, currency, free }: ProviderOffer): string {
  if (monthlyPrice !== undefined) return `${monthlyPrice.toFixed(2)} ${currency ?? ""}`;
  return free === true ? "nothing" : "unknown";
}

function remarks(offers: readonly ProviderOffer[]): string[] {
  const lines = offers.flatMap(({ provider, problems, lacks, credentials, credentialsDetail }) => [
    ...problems.map((problem) => `${provider}: ${problem}`),
    ...lacks.map(({ capability, reason }) => `${provider}: no ${capability.replace("_", " ")}: ${reason}`),
    ...(credentialsDetail === undefined || credentials === "ready"
      ? []
      : [`${provider}: credentials: ${credentialsDetail}`]),
  ]);
  return lines.length === 0 ? [] : ["", ...lines];
}
