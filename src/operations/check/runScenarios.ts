import type { Manifest } from "../../providers/Manifest.ts";
import type { LoadedBehaviour } from "../../providers/ModuleWrapper.ts";
import { loadBehaviour } from "../../providers/loadBehaviour.ts";
import { loadRehearsal } from "../../providers/loadRehearsal.ts";
import type { OperationContext, RehearsalMode } from "../OperationContext.ts";
import { localStage } from "../stageOf.ts";
import { startStage, type RunningStage } from "../startStage.ts";
import type { Recorder } from "./createRecorder.ts";
import { checkFaults } from "./checkFaults.ts";
import { checkPlans } from "./checkPlans.ts";
import { checkRehearsal } from "./checkRehearsal.ts";
import { makeThrowAwayTree, type ThrowAwayTree } from "./throwAwayTree.ts";

export interface ScenarioRequest {
  folder: string;
  template: string | undefined;
  manifest: Manifest;
  /** Whether to go beyond plans. */
  rehearse: boolean;
}

/** What every scenario works on. */
export interface Scene {
  manifest: Manifest;
  behaviour: LoadedBehaviour;
  tree: ThrowAwayTree;
  /** Absent where machines are on this computer, or nothing is made. */
  stage: RunningStage | undefined;
  context: OperationContext;
  recorder: Recorder;
}

/** Tries the rules of levels plan and rehearsal on a copy of the folder, in a tree that is thrown away. */
export async function runScenarios(
  { folder, template, manifest, rehearse }: ScenarioRequest,
  recorder: Recorder,
  made: (tree: ThrowAwayTree) => void,
  context: OperationContext,
): Promise<void> {
  const tree = await makeThrowAwayTree({ name: manifest.name, folder, template }, context);
  made(tree);
  let stage: RunningStage | undefined;
  let behaviour: LoadedBehaviour = {};
  try {
    const provider = { name: manifest.name, folder: tree.folder, manifest, origin: "tree" as const };
    const simulated = manifest.endpoint !== undefined;
    const loaded = await recorder.try("plan.code", async () => {
      behaviour = await loadBehaviour(provider, tree.context);
      await loadRehearsal(provider, tree.context);
      if (simulated) stage = await startStage({ provider, faults: [], boot: false, port: 0, yes: true }, tree.context);
    });
    if (!loaded) return recorder.leaveOut("plan.code is not kept");
    if (!simulated && manifest.capabilities.local !== true && manifest.plugin !== undefined) {
      return recorder.leaveOut("there is no simulation, and without one the plugin would call the real API");
    }
    const mode: RehearsalMode = {
      suffix: "check",
      stage: stage?.stage ?? (manifest.capabilities.local === true ? localStage : { ...localStage, booted: false }),
    };
    const scene: Scene = { manifest, behaviour, tree, stage, context: tree.rehearsing(mode), recorder };
    if (recorder.wants("plan.")) await checkPlans(scene);
    if (!rehearse) return;
    if (recorder.failed("plan")) return recorder.leaveOut("rules of level plan have to be kept first", isRehearsal);
    if (!simulated && manifest.capabilities.local !== true) {
      return recorder.leaveOut("there is no simulation: a rehearsal.ts, and an endpoint in provider.yaml", isRehearsal);
    }
    if (recorder.wants("rehearsal.") || recorder.wants("simulation.")) await checkRehearsal(scene);
    if (recorder.failed("rehearsal")) recorder.leaveOut("the rehearsal without faults has to work first", isRehearsal);
    else await checkFaults(scene);
  } finally {
    await stage?.close();
    await tree.remove();
  }
}

function isRehearsal({ level }: { level: string }): boolean {
  return level === "rehearsal";
}
