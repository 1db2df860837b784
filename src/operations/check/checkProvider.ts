import { basename, join, resolve } from "node:path";
import { contractRules } from "../../conformance/contractRules.ts";
import { levels, type Level, type Rule, type Verdict } from "../../conformance/Rule.ts";
import { staticRules } from "../../conformance/staticRules.ts";
import type { Subject } from "../../conformance/Subject.ts";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import { findProvider } from "../../providers/findProvider.ts";
import { isPlanStyle } from "../../providers/isPlanStyle.ts";
import type { BrokenProvider, Provider } from "../../providers/Provider.ts";
import { templateIn } from "../../providers/templateIn.ts";
import { requireAcceptance } from "../../providers/requireAcceptance.ts";
import { listProviders } from "../listProviders.ts";
import type { OperationContext } from "../OperationContext.ts";
import { createRecorder } from "./createRecorder.ts";
import { checkLive } from "./checkLive.ts";
import { readSubject } from "./readSubject.ts";
import { runScenarios } from "./runScenarios.ts";

export interface CheckOptions {
  /** A name, or a path: it contains / or begins with a dot. */
  provider: string;
  /** The highest that works offline unless given. */
  level?: Level;
  /** Only these, by id; what they build on is done as well. All of the level unless given. */
  rules?: readonly string[];
  yes: boolean;
}

export interface CheckReport {
  provider: string;
  folder: string;
  contract: 1;
  level: Level;
  /** Whether anything of that level could be tried: not without the plugin, for example. */
  tried: boolean;
  ok: boolean;
  counts: Record<Verdict["verdict"], number>;
  verdicts: readonly Verdict[];
}

/**
 * The conformance suite: tries every rule of the contract up to a level on one provider folder. Writes nothing into it.
 * At level static nothing of the folder is executed; from plan on its code runs, and only where every mandatory static
 * rule is kept, and never where the folder is one that no command would use. Throws AppError `provider.check` where
 * there is no such folder, and `check.planStyle`.
 */
export async function checkProvider(options: CheckOptions, context: OperationContext): Promise<CheckReport> {
  const { name, folder, template, owner, broken } = await findFolder(options.provider, context);
  if (await isPlanStyle(folder, context.ports.files)) throw planStyle(folder);
  const subject = await readSubject({ name, folder, template }, context);
  const chosen = options.rules === undefined ? undefined : chooseRules(options.rules);
  const level = options.level ?? chosen?.at(-1)?.level ?? (broken === undefined ? highestOffline(subject) : "static");
  const rules = (chosen ?? contractRules).filter((rule) => levels.indexOf(rule.level) <= levels.indexOf(level));
  let shown = (text: string): string => text;
  const recorder = createRecorder(rules, (text) => shown(text));
  for (const rule of staticRules) await recorder.try(rule.id, async () => rule.check(subject));
  // Where no rule says what is wrong, it is not in the folder, but where that stands.
  if (broken !== undefined && !recorder.failed("static"))
    await recorder.try("manifest.readable", async () => broken.problems);

  if (level !== "static") {
    // Who names a path means that folder; behind a name there may be somebody else's.
    if (owner !== undefined) await requireAcceptance(owner, context);
    const manifest = subject.manifest.value;
    if (broken !== undefined) {
      recorder.leaveOut(`the folder cannot be used, and nothing of it is executed: ${broken.reason}`);
    } else if (manifest === undefined || recorder.failed("static")) {
      recorder.leaveOut("static rules have to be kept first: nothing of this folder is executed before");
    } else if (subject.module.description === undefined) {
      recorder.leaveOut(subject.module.untested ?? "the module cannot be read");
    } else {
      const offline = ["plan.", "simulation.", "rehearsal.", "fault."].some((prefix) => recorder.wants(prefix));
      const request = { folder, template, manifest, rehearse: level !== "plan" };
      if (offline) await runScenarios(request, recorder, (tree) => (shown = tree.shown), context);
      if (recorder.wants("live.")) {
        await checkLive({ folder, manifest, yes: options.yes }, recorder, (live) => (shown = live), context);
      }
    }
  }
  const verdicts = recorder.verdicts();
  const count = (verdict: Verdict["verdict"]): number => verdicts.filter((one) => one.verdict === verdict).length;
  const counts = {
    passed: count("passed"),
    failed: count("failed"),
    warning: count("warning"),
    untested: count("untested"),
  };
  const ofLevel = verdicts.filter((verdict) => verdict.level === level);
  const tried = chosen !== undefined || ofLevel.some(({ verdict }) => verdict !== "untested");
  return { provider: subject.name, folder, contract: 1, level, tried, ok: counts.failed === 0, counts, verdicts };
}

/** It has no manifest, and next to nothing of what the rules are about. */
function planStyle(folder: string): AppError {
  return new AppError("check.planStyle", `${folder} is in the plan's own style: the contract's rules do not apply`, {
    hint: "landfall provider info shows what was read of it; docs/providers/plan-style.md says what works, and how to make it a provider with a manifest",
    exit: exitCodes.usage,
  });
}

/** Throws AppError `check.noRule` for ids that no rule has. */
function chooseRules(ids: readonly string[]): Rule[] {
  const unknown = ids.filter((id) => !contractRules.some((rule) => rule.id === id));
  if (unknown.length === 0) return contractRules.filter(({ id }) => ids.includes(id));
  throw new AppError("check.noRule", `there is no rule ${unknown.join(", ")}`, {
    hint: "docs/providers/contract.md lists them; a check without --rule prints all",
    exit: exitCodes.usage,
  });
}

/** What can be tried without network and without an account. */
function highestOffline({ files, manifest: { value }, module }: Subject): Level {
  if (value === undefined) return "static";
  const simulated = value.endpoint !== undefined && files.some(({ path }) => path === "rehearsal.ts");
  if (simulated || value.capabilities.local === true) return "rehearsal";
  const resources = module.description?.root_module.resources ?? [];
  return resources.every(({ type }) => type === "terraform_data") ? "plan" : "static";
}

async function findFolder(
  subject: string,
  context: OperationContext,
): Promise<{ name: string; folder: string; template: string | undefined; owner?: Provider; broken?: BrokenProvider }> {
  const { ports, workspace } = context;
  const template = async (at: string, name: string): Promise<string | undefined> => {
    const ofTree = join(workspace.providerConfiguration, `${name}.env.tpl`);
    if (at.startsWith(workspace.providers) && (await ports.files.exists(ofTree))) return ofTree;
    return (await ports.files.exists(templateIn(at, name))) ? templateIn(at, name) : undefined;
  };
  if (!subject.includes("/") && !subject.startsWith(".")) {
    const discovery = await listProviders(context);
    const usable = discovery.providers.some(({ name }) => name === subject);
    const broken = usable ? undefined : discovery.broken.find(({ name }) => name === subject);
    const real = broken === undefined ? undefined : await ports.files.realPath(broken.folder);
    if (broken !== undefined && real !== undefined) {
      return { name: subject, folder: real, template: await template(real, subject), broken };
    }
    const owner = findProvider(discovery, subject, workspace);
    return { name: subject, folder: owner.folder, template: await template(owner.folder, subject), owner };
  }
  const folder = await ports.files.realPath(resolve(subject));
  if (folder === undefined || (await ports.files.list(folder).catch(() => undefined)) === undefined) {
    throw new AppError("provider.check", `there is no folder ${resolve(subject)}`, {
      hint: "give the name of a provider, or the path of its folder; landfall providers lists names",
      exit: exitCodes.usage,
    });
  }
  const name = basename(resolve(subject));
  return { name, folder, template: await template(folder, name) };
}
