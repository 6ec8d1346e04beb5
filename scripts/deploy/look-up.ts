import { z } from "zod";
import type { WranglerToml } from "../wrangler-toml.ts";
import { queuesOf, type Found } from "./plan.ts";
import { mustRun, runWrangler } from "./wrangler-cli.ts";

const Databases = z.array(z.looseObject({ name: z.string(), uuid: z.string() }));
const Secrets = z.array(z.looseObject({ name: z.string() }));
const Counted = z.array(z.looseObject({ results: z.array(z.looseObject({ n: z.number() })) }));

/** Ids of the account's D1 databases, by name. */
export async function databaseIds(root: string): Promise<Map<string, string>> {
  const list = Databases.parse(JSON.parse(await mustRun(root, ["d1", "list", "--json"], false)));
  return new Map(list.map(({ name, uuid }) => [name, uuid]));
}

export async function lookUp(root: string, toml: WranglerToml): Promise<Found> {
  const databases = new Set((await databaseIds(root)).keys());
  const queues = await thoseThere(root, queuesOf(toml), ["queues", "info"]);
  const names = toml.r2_buckets.map((bucket) => bucket.bucket_name);
  const buckets = await thoseThere(root, names, ["r2", "bucket", "info"]);
  return { databases, queues, buckets, secrets: await secretNames(root, toml.name) };
}

/** Those names that the account knows, by the command that describes one. */
async function thoseThere(root: string, names: readonly string[], command: readonly string[]): Promise<Set<string>> {
  const there = new Set<string>();
  for (const name of names) {
    const { code, stdout, stderr } = await runWrangler(root, [...command, name], false);
    if (code === 0) there.add(name);
    else if (!/does not exist|not found/i.test(stdout + stderr)) {
      throw new Error(`${command.join(" ")} ${name}: ${stderr || stdout}`);
    }
  }
  return there;
}

/** Empty when the Worker was never deployed. */
async function secretNames(root: string, worker: string): Promise<Set<string>> {
  const args = ["secret", "list", "--name", worker, "--format", "json"];
  const { code, stdout, stderr } = await runWrangler(root, args, false);
  if (code === 0) return new Set(Secrets.parse(JSON.parse(stdout)).map(({ name }) => name));
  // 10007: Cloudflare's code for a Worker that does not exist.
  if (/10007|not found|does not exist/i.test(stdout + stderr)) return new Set();
  throw new Error(`wrangler ${args.join(" ")} failed:\n${stderr || stdout}`);
}

/** How many operator keys work. */
export const operatorKeyCount = (root: string, config: string, database: string): Promise<number> =>
  countRows(root, config, database, "SELECT count(*) AS n FROM management_keys WHERE revoked_at IS NULL");

/** What a `SELECT count(*) AS n` answers. */
export async function countRows(root: string, config: string, database: string, sql: string): Promise<number> {
  const args = ["d1", "execute", database, "--remote", "--json", "--config", config, "--command", sql];
  const counted = Counted.parse(JSON.parse(await mustRun(root, args, false)));
  return counted[0]?.results[0]?.n ?? 0;
}
