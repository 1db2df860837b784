import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { realFiles } from "../../system/realFiles.ts";
import { readPlanStyle } from "./readPlanStyle.ts";
import { colour, context, describing, failure, scriptBench, type ScriptBench } from "./testing/scriptBench.ts";

let folder: string;
let events: ScriptBench["events"];
let script: ScriptBench["script"];
beforeEach(async () => {
  const bench = await scriptBench();
  ({ folder, events, script } = bench);
  return bench.remove;
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
    const { settings } = await readPlanStyle(folder, "acme", realFiles);
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
