import { access, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { colour, context, describing, failure, scriptBench, type ScriptBench } from "./testing/scriptBench.ts";

let folder: string;
let events: ScriptBench["events"];
let script: ScriptBench["script"];
beforeEach(async () => {
  const bench = await scriptBench();
  ({ folder, events, script } = bench);
  return bench.remove;
});

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

  it("Windows line ends, and lines that bash cannot read, are said to be that", async () => {
    const behaviour = await script({});
    const file = join(folder, "provider.sh");
    await writeFile(file, (await readFile(file, "utf8")).replaceAll("\n", "\r\n"));
    const windows = await failure(behaviour.checkPrerequisites?.(context()));
    expect(windows.hint).toBe(`it has Windows line ends, which bash reads as text: sed -i 's/\\r$//' ${file}`);

    const open = await failure((await script({}, { top: "if true; then )" })).checkPrerequisites?.(context()));
    expect(open.hint).toBe("mend the line that bash names, or what is left open above it");
    expect(open.problems[0]).toMatchObject({ where: `${file}:1` });
  });

  it("says where its variables are set", async () => {
    const behaviour = await script({ provider_validate_prerequisites: 'log_error "no token"; false' });
    const [checked] = (await behaviour.checkPrerequisites?.(context())) ?? [];
    expect(checked?.fix).toMatch(/belong into infrastructure\/config\/providers\/acme\.env$/);
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
    const behaviour = await script({ provider_generate_terraform_vars: body }, { limitMs: 1500 });
    const error = await failure(behaviour.wrapModule?.(context(), colour));
    expect(error).toMatchObject({ code: "provider.behaviour", exit: 3 });
    // The last one may not even open it, unless it is root.
    expect(error.message).toMatch(/did not end within 1.5 s|could not write its variables/);
  });

  it("one that never stops writing is stopped", async () => {
    const behaviour = await script({ provider_generate_terraform_vars: 'yes "a = 1" > "$1"' });
    const error = await failure(behaviour.wrapModule?.(context(), colour));
    expect(error.message).toMatch(/wrote more than|did not end/);
    const loud = await script({ provider_validate_prerequisites: "yes" }, { limitMs: 1500 });
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
