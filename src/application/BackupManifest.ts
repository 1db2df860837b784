import { z } from "zod";

const size = z.int("must be a size in bytes").min(0, "must be a size in bytes");
const sha256 = z.string("must be text").regex(/^[0-9a-f]{64}$/, "must be a checksum");

const file = z.object({
  kind: z.enum(["dump", "files"], "must be dump or files"),
  name: z.string("must be text").regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/, "must be the name of a file"),
  size,
  sha256,
  /** Bytes of what is packed in it. */
  content: size,
  /** Of an encrypted file: what it is once decrypted. */
  plain: z.object({ size, sha256 }).optional(),
  /** Data directories. */
  paths: z.array(z.string()).optional(),
});

/** `manifest.json` of a backup: what it is of, and its files with their checksums. */
export const backupManifestSchema = z.object({
  backup: z.literal(1, "must be 1: this Landfall knows no other"),
  id: z.string("must be text").regex(/^\d{8}T\d{6}Z$/, "must be the id of a backup"),
  application: z.string("must be text"),
  release: z.string("must be text"),
  created: z.string("must be text"),
  by: z.string("must be text"),
  /** Public keys of age. */
  recipients: z.array(z.string()),
  files: z.array(file).min(1, "must name a file"),
});

export type BackupManifest = z.infer<typeof backupManifestSchema>;
export type BackupFile = BackupManifest["files"][number];
