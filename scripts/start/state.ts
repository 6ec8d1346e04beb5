import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { UsageError } from "./options.ts";

const Secrets = z.object({
  /** The gateway's own secret, "version:hex". */
  wavegateSecret: z.string(),
  operatorKey: z.string().optional(),
  tenant: z.string().optional(),
  tenantKey: z.string().optional(),
  /** The model of WaveSpeed's list that was enabled on the first start. */
  enabledModel: z.string().optional(),
});

export type Secrets = z.infer<typeof Secrets>;

/** A state directory held by this process. Secrets are in secrets.json, what workerd stores in resources/. */
export interface State {
  resourcesDir: string;
  scratchDir: string;
  secrets: Readonly<Secrets>;
  /** Adds to the secrets, on disk before it returns. */
  remember(more: Partial<Secrets>): void;
}

/** Takes the directory for this process; a second process on the same one is refused. */
export function openState(dir: string, fresh: boolean): State {
  makeFolder(dir);
  lock(dir);
  const file = join(dir, "secrets.json");
  const state = { resourcesDir: join(dir, "resources"), scratchDir: join(dir, "scratch") };
  // Only what this command made: --state may name a directory that holds other things.
  if (fresh) for (const path of [state.resourcesDir, file]) rmSync(path, { recursive: true, force: true });
  rmSync(state.scratchDir, { recursive: true, force: true });
  mkdirSync(state.scratchDir);
  let secrets = readSecrets(file);
  const remember = (more: Partial<Secrets>): void => {
    secrets = { ...secrets, ...more };
    writeSecrets(file, secrets);
  };
  if (!secrets.wavegateSecret) remember({ wavegateSecret: `1:${randomBytes(32).toString("hex")}` });
  return {
    ...state,
    get secrets() {
      return secrets;
    },
    remember,
  };
}

/** One folder after the other: node's recursive mkdir never comes back from where none can be made (/proc). */
function makeFolder(dir: string): void {
  if (existsSync(dir)) return;
  makeFolder(dirname(dir));
  try {
    mkdirSync(dir);
  } catch (error) {
    throw new UsageError(`--state: ${dir} cannot be made: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * SQLite's file lock: the kernel drops it with the process, however that ends, so no stale lock is
 * ever left to be explained. The connection stays open, and reachable, until the process ends.
 */
const held: DatabaseSync[] = [];

function lock(dir: string): void {
  const database = new DatabaseSync(join(dir, "lock.sqlite"), { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    throw new UsageError(`--state: another wavegate is running on ${dir}; stop it or name another directory`, {
      cause: error,
    });
  }
  held.push(database);
}

function readSecrets(file: string): Secrets {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { wavegateSecret: "" };
    throw error;
  }
  try {
    return Secrets.parse(JSON.parse(text));
  } catch (error) {
    throw new UsageError(`${file} is not readable as this command wrote it; start with --fresh to begin anew`, {
      cause: error,
    });
  }
}

/** Written aside and renamed: a kill leaves the old file or the new one, never half of one. */
function writeSecrets(file: string, secrets: Secrets): void {
  const aside = `${file}.new`;
  writeFileSync(aside, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(aside, file);
}
