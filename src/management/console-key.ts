import { createHmac } from "node:crypto";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { Mode } from "../ledger/journal-entry.ts";
import { KEY_SCOPES, type TenantLedgerApi } from "../ledger/types.ts";
import { sha256Hex } from "../keys/sha256-hex.ts";
import { CONSOLE_NAME } from "./key-fields.ts";
import { issueSecret } from "./issue-key.ts";
import type { PersonPrincipal, Services } from "./services.ts";

interface Holder {
  tenant: string;
  mode: Mode;
  principal: PersonPrincipal;
}

/**
 * The key by which a person runs jobs from the console: one for each person, mode and team in a tenant, among its keys like any
 * other, so that it can be seen, bound by a budget, switched off and revoked. It is stored nowhere and never shown: it is computed
 * from the gateway's secret each time, and moves on with it. Made when it is first needed.
 */
export async function consoleKey(
  services: Pick<Services, "secrets">,
  ledger: Pick<TenantLedgerApi, "listKeys" | "change">,
  holder: Holder,
): Promise<Result<string, Refusal>> {
  const { tenant, mode, principal } = holder;
  const { person } = principal.session;
  const team = principal.place?.team ?? null;
  const id = sha256Hex(JSON.stringify(["console key", tenant, mode, person.id, team])).slice(0, 16);
  const { key, secret } = issueSecret(computed(services, id), { kind: mode, tenant, id });
  const meta = { actor: `person:${person.id}` };
  const made = (await ledger.listKeys()).find((one) => one.id === id);
  if (made?.revokedAt != null) return err(REVOKED);
  if (!made) {
    // The tenant's people see its keys, and of an operator that it is one.
    const name = `${CONSOLE_NAME} ${person.operator ? "operator" : person.name}`.slice(0, 100);
    const facts = { id, secret, name, mode, team, scopes: [...KEY_SCOPES], models: null, ips: null };
    const created = await ledger.change("create_key", { ...facts, dedupeWindowSeconds: 0, expiresAt: null }, meta);
    const isThere = created.ok || (await ledger.listKeys()).some((one) => one.id === id);
    return created.ok || isThere ? ok(key) : created;
  }
  if (made.secrets[0]?.secretVersion === secret.secretVersion) return ok(key);
  const rotated = await ledger.change("rotate_key", { id, secret, overlapSeconds: 0 }, meta);
  return rotated.ok ? ok(key) : rotated;
}

/** In place of chance: the same bytes for the same key under the same secret, which nobody else has. */
function computed({ secrets }: Pick<Services, "secrets">, id: string): Pick<Services, "secrets" | "random"> {
  const mac = createHmac("sha256", secrets.newest.secret).update(`wavegate console key\n${id}`).digest();
  return { secrets, random: (bytes) => mac.subarray(0, bytes) };
}

const REVOKED: Refusal = {
  code: "key_revoked",
  message: "your console key of this tenant was revoked: you may look, but run nothing here",
};
