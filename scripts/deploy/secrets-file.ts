import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { SECRETS } from "./plan.ts";

const SecretsFile = z.partialRecord(z.enum(SECRETS), z.string());

type SecretsFile = z.infer<typeof SecretsFile>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Refuses a deploy that would stop half-way for want of a secret that only the operator has. */
export function requireSecrets(file: string, found: ReadonlySet<string>, env: Environment): void {
  const given = env["WAVESPEED_API_KEY"] || readSecrets(file).WAVESPEED_API_KEY;
  if (found.has("WAVESPEED_API_KEY") || given) return;
  throw new Error(
    "WAVESPEED_API_KEY: set it in the environment for the first deploy (the Worker keeps it as a secret)",
  );
}

/**
 * Writes the secrets to upload, in a file only its owner reads. It stays until the operator's key is
 * made: a deploy cut short in between could not ask Cloudflare for WAVEGATE_SECRET again.
 */
export function writeSecrets(file: string, found: ReadonlySet<string>, env: Environment): void {
  const secrets = readSecrets(file);
  // One that the Worker has is never replaced here: every key was made under it.
  if (!found.has("WAVEGATE_SECRET")) {
    secrets.WAVEGATE_SECRET =
      env["WAVEGATE_SECRET"] || secrets.WAVEGATE_SECRET || `1:${randomBytes(32).toString("hex")}`;
  }
  if (!found.has("WAVESPEED_API_KEY") && env["WAVESPEED_API_KEY"]) {
    secrets.WAVESPEED_API_KEY = env["WAVESPEED_API_KEY"];
  }
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
}

export function readSecrets(file: string): SecretsFile {
  return existsSync(file) ? SecretsFile.parse(JSON.parse(readFileSync(file, "utf8"))) : {};
}
