import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { knownTenant } from "./known-tenant.ts";
import { cutPage, decodeCursor } from "./page.ts";
import { invalidFields } from "./problem.ts";
import type { Services } from "./services.ts";

/** A page, by id, of rows about people out of D1. `tenant`: whose they are, which there must be; null: of the gateway. */
export async function peoplePage<Row extends { id: string }>(
  services: Services,
  tenant: string | null,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  read: (asked: { after: string; limit: number }) => Promise<Row[]>,
): Promise<Result<{ rows: Row[]; next: string | null }, Refusal>> {
  const after = decodeCursor(cursor);
  if (!after.ok) return err(invalidFields([after.error]));
  const known = tenant === null ? ok(null) : await knownTenant(services, tenant);
  // One more than is shown, to see whether there are more.
  return known.ok ? ok(cutPage(await read({ after: after.value, limit: limit + 1 }), limit)) : known;
}
