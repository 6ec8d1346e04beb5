import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { TenantInfo } from "../ledger/types.ts";
import { findTenant, registerTenant } from "../settings/index.ts";
import type { Services } from "./services.ts";
import { tenantIdsOf } from "./tenant-id.ts";

export interface TenantRequest {
  name: string;
  timeZone: string;
  /** Chosen by the operator; null: derived from the Idempotency-Key, or else random. */
  id: string | null;
  idempotencyKey: string | null;
}

/** `made` false: it was there already, made by the same request. */
export interface MadeTenant {
  info: TenantInfo;
  made: boolean;
}

/**
 * Makes a tenant: its ledger first, the registry's row second, so that every registered tenant can be
 * called. A request that failed in between is finished by the same request again. Refuses with
 * `idempotency_conflict` (or `conflict`, where the id was chosen) an id that is another tenant's.
 */
export async function makeTenant(services: Services, request: TenantRequest): Promise<Result<MadeTenant, Refusal>> {
  const { name, timeZone } = request;
  const id = await chooseId(services, request);
  const info = await services.ledger(id).provision({ tenant: id, name, timeZone });
  if (info.name !== name || info.timeZone !== timeZone) return err(takenBy(id, request));
  // A row that was lost comes back as the ledger is.
  const { status, createdAt } = info;
  const made = await registerTenant(services.control, { id, name, timeZone, status, createdAt });
  return ok({ info, made });
}

async function chooseId(services: Services, { id, idempotencyKey }: TenantRequest): Promise<string> {
  if (id !== null) return id;
  if (idempotencyKey === null) return freshId(services);
  const { newest, previous } = tenantIdsOf(idempotencyKey, services.secrets);
  if (previous !== null && (await findTenant(services.control, previous))) return previous;
  return newest;
}

/** Among a million tenants a random id is taken once in 281 million times: then another is drawn. */
async function freshId(services: Services): Promise<string> {
  for (;;) {
    const id = Buffer.from(services.random(6)).toString("hex");
    if (!(await findTenant(services.control, id))) return id;
  }
}

function takenBy(id: string, request: TenantRequest): Refusal {
  return request.id === null
    ? { code: "idempotency_conflict", message: "this Idempotency-Key made a tenant with another name or time zone" }
    : { code: "conflict", message: `tenant ${id} exists with another name or time zone` };
}
