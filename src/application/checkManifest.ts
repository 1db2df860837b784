import type { Problem } from "../errors.ts";
import type { Application } from "./Application.ts";
import type { ApplicationFolder } from "./ApplicationFolder.ts";
import { namesIn, namesInCondition, TemplateProblem, type TemplateUse } from "./templateLanguage.ts";

/** Written by Landfall itself. */
const ownFiles = ["compose.yaml", ".env", "release.json", "secrets"];
const kinds = ["http", "tcp", "udp_tracker", "tls"] as const;
const checkTexts = ["http", "tcp", "udp_tracker", "tls", "contains", "host", "ca"] as const;

/** The rules of application.yaml that concern several keys at once. */
export function checkManifest({ application, where }: Pick<ApplicationFolder, "application" | "where">): Problem[] {
  const problems: Problem[] = [];
  const report = (path: readonly PropertyKey[], message: string, hint: string): void =>
    void problems.push({ where: where(path), key: path.map(String).join("."), message, hint });

  checkSettings(application, report);
  checkDestinations(application, report);
  checkPorts(application, report);
  for (const [name, { setting }] of Object.entries(application.secrets)) {
    if (application.settings[setting] === undefined)
      report(["secrets", name], `${setting} is no setting of the application`, `declare it below settings`);
  }
  application.health.forEach((check, index) => {
    const asked = kinds.filter((kind) => check[kind] !== undefined);
    if (asked.length !== 1)
      report(
        ["health", index],
        `${check.name} asks ${asked.length === 0 ? "nothing" : asked.join(" and ")}`,
        `give exactly one of ${kinds.join(", ")}`,
      );
    if (application.health.findIndex(({ name }) => name === check.name) !== index)
      report(["health", index, "name"], `${check.name} is the name of another check`, "rename one");
    for (const key of checkTexts) {
      const text = check[key];
      if (text !== undefined) uses(() => namesIn(text), ["health", index, key]);
    }
    if (check.verify !== undefined) conditions(check.verify, ["health", index, "verify"]);
    if (check.when !== undefined) conditions(check.when, ["health", index, "when"]);
  });
  for (const list of ["templates", "files"] as const) {
    application[list].forEach(({ when }, index) => {
      if (when !== undefined) conditions(when, [list, index, "when"]);
    });
  }
  const data = application.data.map(({ path }) => path);
  application.backup?.files.forEach((path, index) => {
    if (!data.includes(path))
      report(["backup", "files", index], `${path} is none of the directories in data`, `there are: ${data.join(", ")}`);
  });
  return problems;

  function conditions(condition: string, path: readonly PropertyKey[]): void {
    uses(() => namesInCondition(condition), path);
  }

  function uses(find: () => TemplateUse[], path: readonly PropertyKey[]): void {
    try {
      for (const { name } of find()) {
        if (name !== "DATA" && application.settings[name] === undefined)
          report(path, `${name} is no setting of the application`, "declare it below settings");
      }
    } catch (error) {
      if (!(error instanceof TemplateProblem)) throw error;
      report(path, error.message, "correct the expression");
    }
  }
}

type Report = (path: readonly PropertyKey[], message: string, hint: string) => void;

function checkSettings({ settings }: Application, report: Report): void {
  for (const [name, setting] of Object.entries(settings)) {
    if (/^(COMPOSE|DOCKER|LANDFALL|LD|PYTHON)_|^(DATA|PATH|HOME|IFS|TERM)$/.test(name))
      report(["settings", name], `${name} means something else to compose or to the server`, "choose another name");
    if (setting.secret && setting.default !== undefined)
      report(["settings", name, "default"], `${name} is secret, and its default is known to everybody`, "leave it out");
    if (setting.pattern !== undefined && !isPattern(setting.pattern))
      report(["settings", name, "pattern"], `${setting.pattern} is no regular expression`, "correct it");
  }
}

function checkDestinations({ templates, files }: Application, report: Report): void {
  const seen: { destination: string; when: string | undefined }[] = [];
  for (const [list, entries] of Object.entries({ templates, files })) {
    entries.forEach(({ destination, when }, index) => {
      const path = [list, index, "destination"];
      if (ownFiles.includes(destination.split("/")[0] ?? ""))
        report(path, `${destination} is written by Landfall itself`, "choose another name, such as config/NAME");
      // Two may share a name where conditions tell them apart; when both hold, rendering says so.
      if (seen.some((other) => other.destination === destination && other.when === undefined && when === undefined))
        report(path, `${destination} is written twice`, "leave one out");
      seen.push({ destination, when });
    });
  }
}

function checkPorts({ open_ports: ports }: Application, report: Report): void {
  ports.forEach((port, index) => {
    const number = Number(port.split("/")[0]);
    if (number < 1 || number > 65_535) report(["open_ports", index], `${port} is no port`, "ports are 1 to 65535");
    if (port === "22/tcp")
      report(
        ["open_ports", index],
        "22/tcp is the port of SSH",
        "leave it out: SSH_ALLOWED_FROM says who may reach it",
      );
    if (ports.indexOf(port) !== index) report(["open_ports", index], `${port} stands there twice`, "leave one out");
  });
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}
