import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { knownTenant } from "./known-tenant.ts";
import { invalidFields } from "./problem.ts";
import type { Principal, Services } from "./services.ts";

/** For whom a quote is made. `models` null: every model. */
export interface QuotedTenant {
  id: string;
  models: readonly string[] | null;
}

/** A tenant's key quotes for its own tenant, whoever is named; an operator's key must name one. */
export async function quotedTenant(
  services: Services,
  principal: Principal,
  asked: string | undefined,
): Promise<Result<QuotedTenant, Refusal>> {
  if (principal.kind === "tenant") {
    const id = principal.tenant.tenant;
    const own = asked === undefined || asked === id;
    return own ? ok({ id, models: principal.key.models }) : err(ANOTHER);
  }
  if (asked === undefined) {
    return err(invalidFields([{ field: "tenant", rule: "is needed with a management key", value: "missing" }]));
  }
  const known = await knownTenant(services, asked);
  return known.ok ? ok({ id: asked, models: null }) : known;
}

const ANOTHER: Refusal = { code: "forbidden", message: "a tenant's key quotes for its own tenant only" };
