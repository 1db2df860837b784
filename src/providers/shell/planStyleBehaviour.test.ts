import { access, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ModuleDescription } from "../../engine/engineJson.ts";
import { AppError } from "../../errors.ts";
import type { Event } from "../../events/Event.ts";
import { realPorts } from "../../system/realPorts.ts";
import { workspaceAt } from "../../Workspace.ts";
import type { StackContext } from "../behaviour.ts";
import { planStyleBehaviour } from "./planStyleBehaviour.ts";

let folder: string;
let events: Event[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "landfall-plan-style-test-"));
  events = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sound = {
  provider_validate_prerequisites: "log_info fine",
  provider_generate_terraform_vars: 'echo "colour = \\"red\\"" > "$1"',
  provider_get_info: "echo acme",
};

/** The behaviour of a script with some functions replaced, and `top` above and `end` below them. */
async function script(functions: Partial<typeof sound> & { provider_cleanup?: string }, { top = "", end = "" } = {}) {
  const bodies = Object.entries({ ...sound, ...functions });
  const text = bodies.map(([name, body]) => `${name}() {\n${body}\n}\n`).join("");
  await writeFile(join(folder, "provider.sh"), `${top}\n${text}${end}\n`);
  const ports = realPorts((event) => void events.push(event));
  return planStyleBehaviour(
    { name: "acme", folder, origin: "tree" },
    { workspace: workspaceAt(folder, folder), ports },
    undefined,
    { call: 1500, cleanUp: 1500 },
  );
}

const context = (values: Record<string, string> = {}, secret?: string): StackContext =>
  ({
    settings: values,
    secret: (key: string) => (key === "token" ? secret : undefined),
    inputs: { ssh_public_key: "ssh-ed25519 AAAA", vm_name: "box" },
  }) as unknown as StackContext;

const outputs = { vm_ip: {}, vm_name: {}, connection_info: {} };
const describing = (variables: NonNullable<ModuleDescription["root_module"]["variables"]>) => async () => ({
  root_module: { variables, outputs },
});
const colour = describing({ colour: { type: "string", required: true } });

async function failure(work: Promise<unknown> | undefined): Promise<AppError> {
  const error: unknown = await work?.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`no AppError: ${String(error)}`);
  return error;
}

describe("a folder in the plan's own style", () => {
  it("checks, writes variables and cleans up, and nothing runs before", async () => {
    const behaviour = await script({ provider_cleanup: "log_info swept" }, { top: `: > "${folder}/ran"` });
    await expect(access(join(folder, "ran"))).rejects.toThrow();
    expect(await behaviour.checkPrerequisites?.(context())).toMatchObject([{ state: "met" }]);
    await access(join(folder, "ran"));
    const wrapper = await behaviour.wrapModule?.(context(), colour);
    expect(wrapper).toMatchObject({
      settings: { variables: { colour: "red" } },
      secretEnvironment: {},
      takesUserData: false,
    });
    await behaviour.cleanUp?.(context());
    expect(events).toContainEqual({ type: "child.output", source: "provider.sh", line: "[INFO] swept" });
  });

  it("needs no clean-up function", async () => {
    await (await script({})).cleanUp?.(context());
  });

  it("sees PATH, HOME, LANG, where the project is and its own variables, and nothing else of the user's", async () => {
    process.env["LANDFALL_TEST_STRAY"] = "x";
    const behaviour = await script({
      provider_validate_prerequisites: "compgen -e | tr '\\n' ' '; echo",
      provider_get_info: 'echo "${PROVIDER_ACME_PLACE:-} ${PROVIDER_OTHER_TOKEN:-}"',
    });
    await behaviour.checkPrerequisites?.(context({ place: "north" }));
    delete process.env["LANDFALL_TEST_STRAY"];
    const names = events.flatMap((event) => (event.type === "child.output" ? event.line.trim().split(" ") : []));
    const always = ["CONFIG_DIR", "HOME", "OLDPWD", "PATH", "PROJECT_ROOT", "PROVIDER", "PROVIDER_ACME_PLACE", "PWD"];
    const own = [...always, "SHLVL", "SSH_PUBLIC_KEY", "TERRAFORM_DIR", "TMPDIR", "_", "LANG"];
    expect(names).toContain("PROVIDER_ACME_PLACE");
    expect(names.filter((name) => !own.includes(name))).toEqual([]);
  });

  it("tells by name which functions are missing once everything was read", async () => {
    await writeFile(join(folder, "more.sh"), "provider_get_info() { :; }");
    const behaviour = await script(
      {},
      { end: `source "${folder}/more.sh"\nunset -f provider_get_info provider_generate_terraform_vars` },
    );
    const error = await failure(behaviour.checkPrerequisites?.(context()));
    expect(error).toMatchObject({ code: "provider.invalid", exit: 3 });
    expect(error.problems.map(({ key }) => key)).toEqual(["provider_generate_terraform_vars", "provider_get_info"]);
  });

  it("compatibility 4: a dispatcher that runs when the file is read is an error that says so", async () => {
    const end = 'case "${1:-}" in list) echo list ;; *) echo "Usage: $0 {list|info}"; exit 1 ;; esac';
    const error = await failure((await script({}, { end })).checkPrerequisites?.(context()));
    expect(error).toMatchObject({ code: "provider.behaviour", exit: 3 });
    expect(error.message).toContain("ended with status 1 while it was read");
    expect(error.hint).toContain("only define functions");
    expect(error.problems).toMatchObject([{ message: "Usage: landfall {list|info}" }]);
  });

  it("what a function calls an error is the reason, with its place where bash knows it", async () => {
    const behaviour = await script({
      provider_validate_prerequisites: 'echo junk; log_error "no cable"; exit 7',
      provider_generate_terraform_vars: 'true\necho "$NOWHERE" > "$1"',
    });
    expect(await behaviour.checkPrerequisites?.(context())).toMatchObject([{ state: "missing", detail: "no cable" }]);
    const error = await failure(behaviour.wrapModule?.(context(), colour));
    expect(error.problems).toEqual([
      { message: "NOWHERE: unbound variable", where: `${join(folder, "provider.sh")}:7` },
    ]);
  });

  it("without a stack a variable that is not there proves nothing", async () => {
    const behaviour = await script({ provider_validate_prerequisites: 'echo "$VM_NAME"' });
    expect(await behaviour.checkPrerequisites?.(context())).toMatchObject([{ state: "unknown" }]);
  });

  it("warnings are told, and no output shows a secret", async () => {
    const top = ': "${PROVIDER_ACME_TOKEN:-}"';
    const behaviour = await script(
      {
        provider_validate_prerequisites:
          'log_warning "odd: $PROVIDER_ACME_TOKEN"; log_error "$PROVIDER_ACME_TOKEN"; false',
      },
      { top },
    );
    const checked = await behaviour.checkPrerequisites?.(context({}, "s3cret-value"));
    expect(events).toContainEqual(expect.objectContaining({ type: "notice", level: "warning", message: "odd: ***" }));
    expect(JSON.stringify([events, checked])).not.toContain("s3cret-value");
  });
});

describe("what a function may do wrong", () => {
  it("junk on standard output is no part of the variables", async () => {
    const behaviour = await script({
      provider_generate_terraform_vars: 'echo "junk {"; echo "colour = 1" > "$1"; echo junk',
    });
    expect(await behaviour.wrapModule?.(context(), colour)).toMatchObject({ settings: { variables: { colour: 1 } } });
  });

  it("a file that is put in the place of the pipe counts, in pieces too", async () => {
    const moved = 'echo "colour = 1" > part; echo "# end" >> part; mv part "$1"';
    const behaviour = await script({ provider_generate_terraform_vars: moved });
    expect(await behaviour.wrapModule?.(context(), colour)).toMatchObject({ settings: { variables: { colour: 1 } } });
    const pieces = await script({
      provider_generate_terraform_vars: 'echo "a = 1" > "$1"; echo "colour = 2" >> "$1"; exit 0',
    });
    expect(await pieces.wrapModule?.(context(), describing({ a: {}, colour: {} }))).toMatchObject({
      settings: { variables: { a: 1, colour: 2 } },
    });
  });

  it.each([
    ["hangs", "sleep 600"],
    ["hangs and ignores signals", "trap '' TERM INT HUP; while :; do sleep 600; done"],
    ["reads back what it wrote", 'echo "colour = 1" > "$1"; cat "$1"'],
  ])("one that %s is ended", async (_what, body) => {
    const behaviour = await script({ provider_generate_terraform_vars: body });
    const error = await failure(behaviour.wrapModule?.(context(), colour));
    expect(error).toMatchObject({ code: "provider.behaviour", exit: 3 });
    // The last one may not even open it, unless it is root.
    expect(error.message).toMatch(/did not end within 1.5 s|could not write its variables/);
  });

  it("one that never stops writing is stopped", async () => {
    const behaviour = await script({ provider_generate_terraform_vars: 'yes "a = 1" > "$1"' });
    const error = await failure(behaviour.wrapModule?.(context(), colour));
    expect(error.message).toMatch(/wrote more than|did not end/);
    const loud = await script({ provider_validate_prerequisites: "yes" });
    expect((await failure(loud.checkPrerequisites?.(context()))).message).toContain("did not end");
    const chatty = await script({ provider_validate_prerequisites: "seq 100000" });
    expect(await chatty.checkPrerequisites?.(context())).toMatchObject([{ state: "met" }]);
  });

  it("what it writes into its own directory is gone afterwards, and nothing of it counts", async () => {
    const behaviour = await script({
      provider_generate_terraform_vars: "echo 'colour = 1' > other.auto.tfvars; mktemp; pwd",
    });
    const error = await failure(behaviour.wrapModule?.(context(), colour));
    expect(error).toMatchObject({ code: "provider.module", problems: [{ key: "colour" }] });
    const [directory = ""] = events.flatMap((event) =>
      event.type === "child.output" && event.line.endsWith("/work") ? [event.line] : [],
    );
    expect(directory).not.toBe("");
    await expect(readdir(directory)).rejects.toThrow();
  });
});

describe("compatibility 9: a delicate value", () => {
  const generate = { provider_generate_terraform_vars: 'cat > "$1" <<EOF\ncolour = "${PROVIDER_ACME_COLOUR}"\nEOF' };
  const arrive = async (value: string) => (await script(generate)).wrapModule?.(context({ colour: value }), colour);

  it.each(["$x", "a'b", "`id`", "$(id)", "ünï", "a%b", "#x", "$"])(
    "%j arrives as it is and runs nothing",
    async (value) => {
      expect(await arrive(value)).toMatchObject({ settings: { variables: { colour: value } } });
    },
  );

  it.each(['a"b', "a\nb", "${path.module}", "%{ if true }", "a\\b", "a\\", 'a"\ncolour = "b', "a\\nb", "a\\\\b"])(
    "%j is refused, as the script does not escape it",
    async (value) => {
      const error = await failure(arrive(value));
      expect(error).toMatchObject({ code: "provider.behaviour", exit: 3 });
      expect(error.problems.length).toBeGreaterThan(0);
    },
  );
});

describe("compatibility 8: what is secret", () => {
  const top = ': "${PROVIDER_ACME_TOKEN:-}"';
  const generate = {
    provider_generate_terraform_vars:
      'printf \'pin = "1234"\\nkey = "x-%s"\\ncolour = "red"\\n\' "$PROVIDER_ACME_TOKEN" > "$1"',
  };
  const variables = { pin: { type: "string", sensitive: true }, key: { type: "string" }, colour: { type: "string" } };

  it("goes into the environment: what the module marks sensitive, and what holds a secret", async () => {
    const behaviour = await script(generate, { top });
    const wrapper = await behaviour.wrapModule?.(context({}, "s3cret-value"), describing(variables));
    expect(wrapper?.settings).toEqual({ variables: { colour: "red" } });
    expect(JSON.parse(wrapper?.secretEnvironment["LANDFALL_SECRET_VARIABLES"] ?? "")).toEqual({
      pin: "1234",
      key: "x-s3cret-value",
    });
    expect(wrapper?.secrets).toEqual(["s3cret-value", "1234", "x-s3cret-value"]);
    expect(wrapper?.text).not.toMatch(/s3cret|1234/);
  });

  it("a setting is secret by its name, or where its variable is sensitive", async () => {
    await writeFile(join(folder, "variables.tf"), 'variable "pin" {\n  sensitive = true\n}\nvariable "place" {}\n');
    await script(
      {
        provider_generate_terraform_vars:
          'cat > "$1" <<EOF\npin = "$PROVIDER_ACME_PIN"\nplace = "$PROVIDER_ACME_PLACE"\nEOF',
      },
      { top },
    );
    const { readPlanStyle } = await import("./readPlanStyle.ts");
    const { settings } = await readPlanStyle(folder, "acme", realPorts().files);
    expect(Object.entries(settings).map(([key, { secret }]) => [key, secret])).toEqual([
      ["token", true],
      ["pin", true],
      ["place", false],
    ]);
  });
});

describe("the module", () => {
  it("gets standard inputs from the root module, and what it lacks is told at once", async () => {
    const behaviour = await script({
      provider_generate_terraform_vars: 'printf \'vm_name = "other"\\nunknown = 1\\n\' > "$1"',
    });
    const wrapper = await behaviour.wrapModule?.(
      context(),
      describing({
        vm_name: { type: "string" },
        user_data: { type: "string" },
        labels: { type: ["list", "string"], default: [] },
      }),
    );
    const { module } = JSON.parse(wrapper?.text ?? "") as { module: { flat: Record<string, string> } };
    expect(module.flat).toEqual({ source: "./module", vm_name: "${var.vm_name}", user_data: "${var.user_data}" });
    expect(wrapper?.takesUserData).toBe(true);
    const told = events.flatMap((event) => (event.type === "notice" ? [event.message] : []));
    expect(told).toEqual([
      expect.stringContaining("does not declare: unknown"),
      expect.stringContaining("another vm_name"),
    ]);
    const lacking = async () => ({
      root_module: { variables: { size: { required: true } }, outputs: { vm_ip: { sensitive: true } } },
    });
    const error = await failure(behaviour.wrapModule?.(context(), lacking));
    expect(error).toMatchObject({ code: "provider.module", exit: 3 });
    expect(error.problems.map(({ key }) => key)).toEqual(["size", "vm_ip", "vm_name", "connection_info"]);
  });
});
