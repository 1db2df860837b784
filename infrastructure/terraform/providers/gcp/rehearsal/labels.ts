import { begin, showOperation } from "./operations.ts";
import { findIn, type Cloud, type Thing } from "./cloud.ts";
import { pathOf } from "./links.ts";
import { bodyOf, changedMeanwhile, invalid, notFound, objectIn, textIn, type Fields } from "./replies.ts";
import type { Endpoint } from "./routing.ts";
import { fingerprintOf } from "./stamps.ts";

type Labels = Thing["labels"];

export function labelsIn(fields: Fields, field = "resource.labels"): Labels {
  const labels = objectIn(fields, "labels", field) ?? {};
  const entries = Object.entries(labels);
  if (entries.length > 64) return invalid(field, `${entries.length} labels`, "At most 64 labels are allowed.");
  for (const [key, value] of entries) {
    if (!/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key)) {
      return invalid(
        field,
        key,
        "Label keys must begin with a lowercase letter and hold at most 63 lowercase letters, digits, '_' and '-'.",
      );
    }
    if (typeof value !== "string" || !/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(value)) {
      return invalid(field, value, "Label values hold at most 63 lowercase letters, digits, '_' and '-'.");
    }
  }
  return labels as Labels;
}

/** Labels in an answer: left out where there are none, the fingerprint always there. */
export function showLabels(labels: Labels): object {
  return {
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    labelFingerprint: fingerprintOf(Object.entries(labels).toSorted()),
  };
}

/** @param path below the project, such as `zones/:zone/disks` */
export function labelEndpoint<T extends Thing>(
  cloud: Cloud,
  { path, kind, collection }: { path: string; kind: string; collection: (cloud: Cloud) => Store<T> },
): Endpoint {
  return {
    method: "POST",
    path: `${path}/:name/setLabels`,
    handle(call) {
      const store = collection(cloud);
      const thing = findIn(store, call) ?? notFound(pathOf(call, kind));
      const fields = bodyOf(call.request);
      const known = (showLabels(thing.labels) as { labelFingerprint: string }).labelFingerprint;
      if (textIn(fields, "labelFingerprint") !== known) {
        return changedMeanwhile("Labels fingerprint either invalid or resource labels have changed");
      }
      store.put({ ...thing, labels: labelsIn(fields) });
      return showOperation(begin(cloud, { type: "setLabels", thing, kind }), cloud);
    },
  };
}

type Store<T extends Thing> = Parameters<typeof findIn<T>>[0];
