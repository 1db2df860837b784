import { protectedByDefault } from "./protectedByDefault.ts";
import { stateVariables } from "./stateBackends.ts";

/** Defaults where no file and no provider says anything, as a `.env` file says it. */
export function builtInDefaults(environment: string): Record<string, string> {
  return {
    ENVIRONMENT: environment,
    PROJECT: "landfall",
    VM_NAME: "${PROJECT}-${ENVIRONMENT}",
    VM_MEMORY: "${VM_MEMORY_DEFAULT:-2048}",
    VM_VCPUS: "${VM_VCPUS_DEFAULT:-2}",
    VM_DISK_SIZE: "${VM_DISK_SIZE_DEFAULT:-20}",
    VM_ARCH: "amd64",
    DATA_DISK_SIZE: "0",
    RESERVE_ADDRESS: "false",
    OPEN_PORTS: "80/tcp,443/tcp,7070/tcp,6868/udp,6969/udp",
    SSH_ALLOWED_FROM: "0.0.0.0/0,::/0",
    USE_MINIMAL_CONFIG: "false",
    APPLICATION_DIR: "application",
    PROTECTED: String(protectedByDefault(environment)),
  };
}

/** Older spellings, by present name. */
export const standardSpellings: ReadonlyMap<string, readonly string[]> = new Map([
  ["DATA_DISK_SIZE", ["PERSISTENT_DATA_SIZE"]],
]);

/** Secrets of the application, which the operator chooses or has generated. */
export const applicationSecrets: readonly string[] = [
  "MYSQL_ROOT_PASSWORD",
  "MYSQL_PASSWORD",
  "TRACKER_ADMIN_TOKEN",
  "GF_SECURITY_ADMIN_PASSWORD",
];

/** Every variable that the process environment and `--set` may give although no file mentions it. */
export const knownVariables: readonly string[] = [
  ...Object.keys(builtInDefaults("")),
  "VM_MEMORY_DEFAULT",
  "VM_VCPUS_DEFAULT",
  "VM_DISK_SIZE_DEFAULT",
  "SSH_PUBLIC_KEY",
  "SSH_PRIVATE_KEY_FILE",
  "STATE_BACKEND",
  "STATE_ENCRYPTION_KEY",
  "STATE_ENCRYPTION_KEY_PREVIOUS",
  ...stateVariables,
  "DOMAIN_NAME",
  "CERTBOT_EMAIL",
  "ENABLE_SSL",
  "ENABLE_DB_BACKUPS",
  "BACKUP_RETENTION_DAYS",
  "BACKUP_RECIPIENT",
  "USER_ID",
  "MYSQL_DATABASE",
  "MYSQL_USER",
  ...applicationSecrets,
];
