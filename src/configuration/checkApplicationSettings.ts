import type { Problem } from "../errors.ts";
import type { Expansion } from "./expandValues.ts";
import { applicationSecrets } from "./knownVariables.ts";
import { ageRecipients, domain, email, flag, identifier, integer, secretText } from "./parseScalars.ts";
import { SettingReader } from "./SettingReader.ts";

/** Checks what the application takes, where it is present: the machine alone needs none of it. */
export function checkApplicationSettings(expansion: Expansion): readonly Problem[] {
  const reader = new SettingReader(expansion);
  reader.read("DOMAIN_NAME", domain);
  reader.read("CERTBOT_EMAIL", email);
  reader.read("ENABLE_SSL", flag);
  reader.read("ENABLE_DB_BACKUPS", flag);
  reader.read("BACKUP_RETENTION_DAYS", integer(1, 3650, "days"));
  reader.read("BACKUP_RECIPIENT", ageRecipients);
  reader.read("USER_ID", integer(1, 4_294_967_294, ""));
  reader.read("MYSQL_DATABASE", identifier(64));
  reader.read("MYSQL_USER", identifier(32));
  for (const key of applicationSecrets) reader.checkSecret(key, secretText);
  return reader.problems;
}
