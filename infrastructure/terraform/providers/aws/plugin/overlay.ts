import type { Overlay } from "landfall/provider";

/** The plugin's own services that the module and the search use, with those that the plugin itself starts from. */
const services = ["ec2", "meta", "sts", "iam"];

/** Clients of the SDK that the rest of the plugin refers to by name. */
const clients = [
  ...["account", "apigatewayv2", "dynamodb", "ec2", "iam", "organizations", "resourcegroupstaggingapi", "s3"],
  ...["s3control", "sns", "sqs", "sso", "sts"],
];

const lists = {
  services: "internal/provider/sdkv2/service_packages_gen.go",
  clients: "internal/conns/awsclient_gen.go",
};

/** Leaves out of two generated lists what is not needed: that alone keeps two hundred services out of the build. */
const overlay: Overlay = async (read) => ({
  [lists.services]: keepServices(await read(lists.services)),
  [lists.clients]: keepClients(await read(lists.clients)),
});
export default overlay;

function keepServices(text: string): string {
  const isOther = (line: string): boolean => {
    const name =
      /^\t"[^"]*\/internal\/service\/([a-z0-9]+)"$/.exec(line)?.[1] ??
      /^\t\t([a-z0-9]+)\.ServicePackage\(ctx\),$/.exec(line)?.[1];
    return name !== undefined && !services.includes(name);
  };
  return checked(
    text,
    text
      .split("\n")
      .filter((line) => !isOther(line))
      .join("\n"),
    services,
    ".ServicePackage(ctx)",
  );
}

function keepClients(text: string): string {
  const imports = text
    .split("\n")
    .filter((line) => {
      const name = /^\t(?:\w+ )?"github\.com\/aws\/aws-sdk-go-v2\/service\/([a-z0-9]+)"$/.exec(line)?.[1];
      return name === undefined || clients.includes(name);
    })
    .join("\n");
  const functions = /^func \(c \*AWSClient\) \w+\([^\n]*\*([a-z0-9_]+)\.Client \{\n(?:[^}\n][^\n]*\n)*\}\n\n?/gm;
  const kept = imports.replace(functions, (whole, name: string) => (clients.includes(name) ? whole : ""));
  return checked(text, kept, clients, ".Client {");
}

/** Where another version of the plugin is laid out differently, that has to be seen here and not by the compiler. */
function checked(before: string, after: string, names: readonly string[], suffix: string): string {
  const missing = names.filter((name) => !after.includes(`${name}${suffix}`));
  if (after.length < before.length / 2 && missing.length === 0) return after;
  throw new Error(
    `the plugin's generated lists are not as expected${missing.length > 0 ? `: no ${missing.join(", ")}` : ""}`,
  );
}
