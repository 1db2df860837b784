import type { Problem } from "../errors.ts";
import type { DeclaredApplication } from "./DeclaredApplication.ts";
import type { Expansion } from "./expandValues.ts";
import { parseOpenPorts } from "./parseOpenPorts.ts";
import { SettingReader } from "./SettingReader.ts";

/** What the sample application listens on for itself alone. */
const internal: Readonly<Record<string, string>> = {
  "3306/tcp": "the database",
  "9090/tcp": "the metrics, which ask nobody for a password",
};

/** The same number with the other protocol is a slip. */
const meant: Readonly<Record<string, string>> = {
  "80/udp": "80/tcp",
  "7070/udp": "7070/tcp",
  "1212/udp": "1212/tcp",
  "6868/tcp": "6868/udp",
  "6969/tcp": "6969/udp",
};

/**
 * Ports in OPEN_PORTS that clash with what is done with them. What an application opens by its manifest is its own
 * matter, whatever the sample does with such a port; and only one that knows ENABLE_SSL gets a certificate.
 */
export function checkOpenPorts(expansion: Expansion, application?: DeclaredApplication): readonly Problem[] {
  const reader = new SettingReader(expansion);
  const parsed = parseOpenPorts(reader.text("OPEN_PORTS") ?? "");
  if (!("value" in parsed)) return [];
  const names = namesOf(parsed.value);
  const declared = parseOpenPorts(application?.openPorts?.text ?? "");
  const own = "value" in declared ? namesOf(declared.value) : [];
  checkPorts(names, own, reader);
  const https = names.includes("443/tcp") && names.includes("80/tcp");
  if (application?.settings["ENABLE_SSL"] !== undefined && reader.text("ENABLE_SSL") === "true" && !https) {
    reader.report(
      "OPEN_PORTS",
      "OPEN_PORTS leaves out 80/tcp or 443/tcp, but ENABLE_SSL is true: the certificate is asked for over one and used on the other",
      "add both, or write ENABLE_SSL=false",
    );
  }
  return reader.problems;
}

function namesOf(ports: readonly { port: number; protocol: string }[]): string[] {
  return ports.map(({ port, protocol }) => `${port}/${protocol}`);
}

function checkPorts(names: readonly string[], own: readonly string[], reader: SettingReader): void {
  for (const name of names) {
    if (own.includes(name)) continue;
    const owner = internal[name];
    const other = meant[name];
    if (owner !== undefined) {
      reader.report(
        "OPEN_PORTS",
        `OPEN_PORTS opens ${name} to everybody: that is ${owner}`,
        `leave ${name} out; it can be reached through SSH`,
      );
    }
    if (other !== undefined && !names.includes(other)) {
      reader.report("OPEN_PORTS", `OPEN_PORTS opens ${name}, but the application uses ${other}`, `write ${other}`);
    }
  }
}
