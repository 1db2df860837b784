import { flagIn, objectIn, objectsIn, textIn, textsIn, type Fields } from "./replies.ts";

/** What a new instance is told and only shows again, as answers write it. */
export function givenIn(fields: Fields): object {
  const hostname = textIn(fields, "hostname") ?? "";
  const serviceAccounts = objectsIn(fields, "serviceAccounts").map((account, index) => {
    const field = `resource.serviceAccounts[${index}]`;
    return {
      email: textIn(account, "email", `${field}.email`) ?? "default",
      scopes: textsIn(account, "scopes", `${field}.scopes`) ?? [],
    };
  });
  return {
    ...(hostname === "" ? {} : { hostname }),
    ...(serviceAccounts.length === 0 ? {} : { serviceAccounts }),
    shieldedInstanceConfig: shieldIn(objectIn(fields, "shieldedInstanceConfig") ?? {}),
  };
}

function shieldIn(fields: Fields): object {
  const flag = (key: string, standard: boolean): boolean =>
    flagIn(fields, key, `resource.shieldedInstanceConfig.${key}`) ?? standard;
  return {
    enableSecureBoot: flag("enableSecureBoot", false),
    enableVtpm: flag("enableVtpm", true),
    enableIntegrityMonitoring: flag("enableIntegrityMonitoring", true),
  };
}
