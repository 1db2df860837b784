import { buildCommand, buildRouteMap } from "@stricli/core";
import type { CliContext } from "../CliContext.ts";
import {
  commonFlags,
  settingFlags,
  stackParameter,
  yesFlag,
  type CommonFlags,
  type SettingFlags,
  type YesFlag,
  waitFlag,
  type WaitFlag,
} from "../flags.ts";

interface MoveFlags extends CommonFlags, YesFlag, SettingFlags, WaitFlag {
  from?: readonly string[];
}

const move = buildCommand<MoveFlags, [string], CliContext>({
  loader: async () => {
    const { moveState } = await import("../../operations/moveState.ts");
    const { presentMove } = await import("../results/presentState.ts");
    return async function ({ set = [], from = [], yes }, stack) {
      this.finish(presentMove(await moveState({ stack, set, from, yes }, this.operations)));
    };
  },
  parameters: {
    flags: {
      ...commonFlags,
      ...yesFlag,
      ...settingFlags,
      ...waitFlag,
      from: {
        kind: "parsed",
        parse: String,
        brief: "A setting of the former place that the configuration no longer has: KEY=VALUE, KEY=@FILE or KEY=-",
        variadic: true,
        optional: true,
        placeholder: "KEY=VALUE",
      },
    },
    positional: stackParameter,
  },
  docs: { brief: "Carry the state of a stack to where the configuration says it is kept" },
});

const rotate = buildCommand<CommonFlags & YesFlag & WaitFlag, [string], CliContext>({
  loader: async () => {
    const { rotateStateKey } = await import("../../operations/rotateStateKey.ts");
    const { presentRotation } = await import("../results/presentState.ts");
    return async function ({ yes }, environment) {
      this.finish(presentRotation(await rotateStateKey({ environment, yes }, this.operations)));
    };
  },
  parameters: {
    flags: { ...commonFlags, ...yesFlag, ...waitFlag },
    positional: {
      kind: "tuple",
      parameters: [{ brief: "Name of an environment", parse: String, placeholder: "ENVIRONMENT" }],
    },
  },
  docs: { brief: "Give an environment a new key, and write the states of its stacks anew with it" },
});

const snapshots = buildCommand<CommonFlags, [string], CliContext>({
  loader: async () => {
    const { snapshotsOfStack } = await import("../../operations/snapshotsOfStack.ts");
    const { presentSnapshots } = await import("../results/presentSnapshots.ts");
    return async function (_flags, stack) {
      this.finish(presentSnapshots(await snapshotsOfStack(stack, this.operations)));
    };
  },
  parameters: { flags: commonFlags, positional: stackParameter },
  docs: { brief: "Former states of a stack, newest first" },
});

const restore = buildCommand<CommonFlags & YesFlag & SettingFlags & WaitFlag, [string, string?], CliContext>({
  loader: async () => {
    const { restoreSnapshot } = await import("../../operations/restoreSnapshot.ts");
    const { presentRestore } = await import("../results/presentSnapshots.ts");
    return async function ({ set = [], yes }, stack, snapshot) {
      this.finish(presentRestore(await restoreSnapshot({ stack, set, yes, snapshot }, this.operations)));
    };
  },
  parameters: {
    flags: { ...commonFlags, ...yesFlag, ...settingFlags, ...waitFlag },
    positional: {
      kind: "tuple",
      parameters: [
        ...stackParameter.parameters,
        {
          brief: "Name of a snapshot, or its beginning; the newest good one where the state is damaged or gone",
          parse: String,
          placeholder: "SNAPSHOT",
          optional: true,
        },
      ],
    },
  },
  docs: { brief: "Put a former state of a stack in the place of the present one, which is kept" },
});

export const state = buildRouteMap({
  routes: { move, rotate, snapshots, restore },
  docs: { brief: "Where states are kept, their key, and former states" },
});
