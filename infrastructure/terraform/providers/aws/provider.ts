import type { Orphan, Prerequisite, ProviderBehaviour, ProviderContext, StackContext } from "landfall/provider";

const provider: ProviderBehaviour = { checkPrerequisites, inspectMachine, findOrphans };
export default provider;

/** The usual chain of credentials has many links: the aws command knows them all, as the plugin does. */
async function aws(args: readonly string[], context: ProviderContext) {
  const { host, settings, endpoint } = context;
  const rehearsal = {
    AWS_ENDPOINT_URL: endpoint ?? "",
    AWS_ACCESS_KEY_ID: "AKIAREHEARSAL0000000",
    AWS_SECRET_ACCESS_KEY: "rehearsal",
  };
  const result = await host.run("aws", [...args, "--region", settings["region"] ?? "", "--output", "json"], {
    timeoutMs: 15_000,
    environment: {
      ...host.system.environment,
      AWS_PAGER: "",
      AWS_MAX_ATTEMPTS: "2",
      ...(endpoint === undefined ? {} : rehearsal),
    } as Record<string, string>,
  });
  return { ...result, json: result.status === 0 ? (JSON.parse(result.stdout || "{}") as Record<string, unknown>) : {} };
}

async function checkPrerequisites(context: ProviderContext): Promise<Prerequisite[]> {
  const base = { id: "credentials", title: "credentials of AWS" };
  if (context.endpoint !== undefined) return [{ ...base, state: "met", detail: "samples, for the rehearsal" }];
  if ((await context.host.which("aws")) === undefined) {
    const detail = "could not be checked: the aws command is not installed; the plugin will find out";
    return [{ ...base, state: "unknown", detail }];
  }
  const { status, stderr, json } = await aws(["sts", "get-caller-identity"], context);
  if (status === 0) return [{ ...base, state: "met", detail: String(json["Arn"] ?? "accepted") }];
  const said = stderr.trim().split("\n").at(-1) ?? "";
  if (/could not connect|timed? ?out|connection was closed|resolve/i.test(said)) {
    return [{ ...base, state: "unknown", detail: `could not be checked, AWS cannot be reached: ${said}` }];
  }
  const fix =
    "aws configure (or aws sso login), or set AWS_PROFILE; README.md of this provider says which rights are needed";
  return [{ ...base, state: "missing", detail: said, fix }];
}

async function inspectMachine(context: StackContext): ReturnType<NonNullable<ProviderBehaviour["inspectMachine"]>> {
  if ((await context.host.which("aws")) === undefined) {
    return { state: "unknown", detail: "the aws command, which would tell, is not installed" };
  }
  const { labels } = context.inputs;
  const filters = ["project", "stack"].map((name) => `Name=tag:${name},Values=${labels[name] ?? ""}`);
  const { status, stderr, json } = await aws(["ec2", "describe-instances", "--filters", ...filters], context);
  if (status !== 0) return { state: "unknown", detail: stderr.trim().split("\n").at(-1) ?? "" };
  const states = ((json["Reservations"] ?? []) as { Instances: { State: { Name: string } }[] }[])
    .flatMap(({ Instances }) => Instances.map(({ State }) => State.Name))
    .filter((name) => name !== "terminated");
  const [state] = states;
  if (state === undefined) return { state: "absent" };
  if (state === "pending") return { state: "unknown", detail: state };
  return { state: state === "stopped" || state === "stopping" ? "stopped" : "running", detail: state };
}

async function findOrphans(context: StackContext): Promise<Orphan[]> {
  const found = await context.lookUp("search", {
    region: context.settings["region"] ?? "",
    labels: context.inputs.labels,
  });
  const ids = (name: string): string[] => (found[name] ?? []) as string[];
  const addresses = Object.entries((found["addresses"] ?? {}) as Record<string, string>);
  const [instance] = ids("instances");
  return [
    ...ids("keys")
      .filter((name) => name !== "")
      .map((name) => orphan("aws_key_pair.key", name, "key pair")),
    ...ids("security_groups").map((id) => orphan("aws_security_group.firewall", id, "security group")),
    ...ids("instances").map((id) => orphan("aws_instance.vm", id, "instance")),
    ...ids("volumes").map((id) => orphan("aws_ebs_volume.data[0]", id, "volume")),
    ...addresses.map(([id]) => orphan("aws_eip.address[0]", id, "Elastic IP")),
    ...addresses
      .filter(([, association]) => association !== "" && instance !== undefined)
      .map(([, association]) => orphan("aws_eip_association.address[0]", association, "association of an Elastic IP")),
  ];
}

function orphan(address: string, id: string, kind: string): Orphan {
  return { address, id, title: `${kind} ${id}` };
}
