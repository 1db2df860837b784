import { isIP } from "node:net";
import type { Problem } from "../errors.ts";
import type { Expansion } from "./expandValues.ts";
import { quoted } from "./Parsed.ts";
import { domain, email } from "./parseScalars.ts";
import { SettingReader } from "./SettingReader.ts";

/** Names that belong to nobody, or to everybody's own network (RFC 2606, RFC 6761, RFC 6762 and custom). */
const reserved =
  /(^|\.)(test|example|invalid|localhost|local|internal|intranet|private|lan|home|corp|arpa|onion|localdomain|example\.(com|net|org))$/i;

/** With ENABLE_SSL and a public authority, names for which no certificate can be had, and addresses that nobody reads. */
export function checkPublicNames(expansion: Expansion): readonly Problem[] {
  const reader = new SettingReader(expansion);
  if (reader.text("ENABLE_SSL") !== "true" || issuesForAnyName(reader)) return [];
  const name = expansion.values.get("DOMAIN_NAME");
  const address = expansion.values.get("CERTBOT_EMAIL");
  if (name === undefined) {
    reader.report(
      "ENABLE_SSL",
      "ENABLE_SSL is true, but DOMAIN_NAME is not set",
      "add DOMAIN_NAME, or write ENABLE_SSL=false",
    );
  } else if ("value" in domain(name.text)) {
    const why = withoutCertificate(name.text);
    if (why !== undefined) {
      reader.report(
        "DOMAIN_NAME",
        `DOMAIN_NAME is ${quoted(name.text)}, ${why}: no certificate is issued for it, and ENABLE_SSL is true`,
        "write the domain that leads to this server, or ENABLE_SSL=false",
      );
    }
  }
  if (address === undefined) {
    reader.report(
      "ENABLE_SSL",
      "ENABLE_SSL is true, but CERTBOT_EMAIL is not set",
      "add CERTBOT_EMAIL, or write ENABLE_SSL=false",
    );
  } else if ("value" in email(address.text) && reserved.test(address.text.replace(/^.*@/, ""))) {
    reader.report(
      "CERTBOT_EMAIL",
      `CERTBOT_EMAIL is ${quoted(address.text)}, a sample: nobody reads what the certificate authority writes there`,
      "write an address that somebody reads",
    );
  }
  return reader.problems;
}

/** The proxy itself, or an authority of one's own. */
function issuesForAnyName(reader: SettingReader): boolean {
  return reader.text("ACME_DIRECTORY") === "internal" || (reader.text("ACME_CA_CERTIFICATE") ?? "") !== "";
}

function withoutCertificate(name: string): string | undefined {
  if (isIP(name) !== 0) return "an address instead of a name";
  if (reserved.test(name)) return "a name for samples and private networks";
  return name.includes(".") ? undefined : "a name without a dot";
}
