import type { Context } from "hono";
import { callApi } from "../../api.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { tenantCall } from "../../tenant-call.ts";

/** What a filter offers: values that are there to choose from. */
export interface Choices {
  models: string[];
  teams: string[];
  /** Names by id. */
  keyNames: ReadonlyMap<string, string>;
}

/** A tenant's models, teams and keys. What cannot be read is not offered: the list itself says why. */
export async function readChoices(c: Context<ConsoleEnv>, tenant: string): Promise<Choices> {
  const [models, teams, keyNames] = await Promise.all([
    list<{ id: string }>(c, tenant, "models"),
    list<{ name: string }>(c, tenant, "teams"),
    readKeyNames(c, tenant),
  ]);
  return { models: models.map(({ id }) => id), teams: teams.map(({ name }) => name), keyNames };
}

/** Names of a tenant's keys by their id, of the first 100. */
export async function readKeyNames(c: Context<ConsoleEnv>, tenant: string): Promise<ReadonlyMap<string, string>> {
  const keys = await list<{ id: string; name: string }>(c, tenant, "keys");
  return new Map(keys.map(({ id, name }) => [id, name]));
}

async function list<Row>(c: Context<ConsoleEnv>, tenant: string, of: string): Promise<Row[]> {
  const answer = await callApi<{ data: Row[] }>(c, "GET", tenantCall(tenant, of, { limit: "100" }));
  return answer.ok ? answer.value.data : [];
}
