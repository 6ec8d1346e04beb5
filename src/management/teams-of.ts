import type { Refusal } from "../errors/catalogue.ts";
import { ok, type Result } from "../errors/result.ts";
import { listTeams } from "../people/index.ts";
import { knownTenant } from "./known-tenant.ts";
import type { Services } from "./services.ts";
import { mergeTeams, type TeamOut } from "./team-shape.ts";

/** Teams of a tenant that a caller may see: `seen` names the one, null is all. */
export async function teamsOf(
  services: Services,
  tenant: string,
  seen: string | null,
): Promise<Result<TeamOut[], Refusal>> {
  const known = await knownTenant(services, tenant);
  if (!known.ok) return known;
  const [described, keys] = await Promise.all([listTeams(services.control, tenant), known.value.ledger.listKeys()]);
  return ok(mergeTeams(described, keys).filter(({ name }) => seen === null || name === seen));
}

export const unknownTeam = (name: string): Refusal => ({ code: "not_found", message: `there is no team ${name}` });
