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
  const list = async <Row>(of: string): Promise<Row[]> => {
    const answer = await callApi<{ data: Row[] }>(c, "GET", tenantCall(tenant, of, { limit: "100" }));
    return answer.ok ? answer.value.data : [];
  };
  const [models, teams, keys] = await Promise.all([
    list<{ id: string }>("models"),
    list<{ name: string }>("teams"),
    list<{ id: string; name: string }>("keys"),
  ]);
  return {
    models: models.map(({ id }) => id),
    teams: teams.map(({ name }) => name),
    keyNames: new Map(keys.map(({ id, name }) => [id, name])),
  };
}
