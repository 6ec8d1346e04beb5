import type { FieldIssue, Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { Mode } from "../ledger/journal-entry.ts";
import type { TenantInfo, TenantLedgerApi } from "../ledger/types.ts";
import { knownTenant, tenantInfo, unknownTenant } from "./known-tenant.ts";
import { mayAct } from "../people/index.ts";
import { invalidFields } from "./problem.ts";
import { isOperator, type Principal, type Services, type TenantPrincipal } from "./services.ts";
import { shownValue } from "./shown-value.ts";

/** How long a quote binds: what a tenant may ask for, which is also what it is without asking. */
export const QUOTE_SECONDS = 900;
export const OPERATOR_QUOTE_SECONDS_MAX = 86_400;

/** For whom a quote is made, and for how long. `models` null: every model. */
export interface QuotedTenant {
  info: TenantInfo;
  ledger: Pick<TenantLedgerApi, "price">;
  mode: Mode;
  models: readonly string[] | null;
  validSeconds: number;
}

/** What a request may say of that. */
export interface QuoteTerms {
  tenant?: string | undefined;
  mode?: Mode | undefined;
  valid_seconds?: number | undefined;
}

/** A tenant's key quotes for its own tenant and mode, whatever is named; an operator's must name a tenant. */
export async function quotedTenant(
  services: Services,
  principal: Principal,
  terms: QuoteTerms,
): Promise<Result<QuotedTenant, Refusal>> {
  if (principal.kind === "tenant") return ownQuote(services, principal, terms);
  if (terms.tenant === undefined)
    return refuseField("tenant", "is needed with a management key or a session", undefined);
  const byOperator = isOperator(principal);
  if (!byOperator && !mayRunIn(principal, terms.tenant)) return err(unknownTenant(terms.tenant));
  const tooLong = byOperator ? null : refuseLong(terms.valid_seconds);
  if (tooLong) return err(tooLong);
  const known = await knownTenant(services, terms.tenant);
  if (!known.ok) return known;
  const { ledger } = known.value;
  return ok({
    info: await tenantInfo(ledger),
    ledger,
    mode: terms.mode ?? "live",
    models: null,
    validSeconds: terms.valid_seconds ?? QUOTE_SECONDS,
  });
}

/** A person quotes where they may also submit; any other tenant is none to them. */
const mayRunIn = (principal: Principal, tenant: string): boolean =>
  principal.kind === "person" &&
  principal.session.memberships.some((place) => place.tenant === tenant && mayAct(place.role, "run"));

function ownQuote(
  services: Services,
  { key, tenant: info }: TenantPrincipal,
  terms: QuoteTerms,
): Result<QuotedTenant, Refusal> {
  if (terms.tenant !== undefined && terms.tenant !== info.tenant) return err(ANOTHER);
  if (terms.mode !== undefined && terms.mode !== key.mode) {
    return refuseField("mode", `must be ${key.mode}: a key quotes for its own mode`, terms.mode);
  }
  const tooLong = refuseLong(terms.valid_seconds);
  if (tooLong) return err(tooLong);
  const validSeconds = terms.valid_seconds ?? QUOTE_SECONDS;
  return ok({ info, ledger: services.ledger(info.tenant), mode: key.mode, models: key.models, validSeconds });
}

/** A price that is bound for longer is an operator's to promise. */
function refuseLong(seconds: number | undefined): Refusal | null {
  if (seconds === undefined || seconds <= QUOTE_SECONDS) return null;
  const rule = `must be at most ${QUOTE_SECONDS} unless an operator asks`;
  return invalidFields([{ field: "valid_seconds", rule, value: shownValue(seconds) }]);
}

function refuseField(field: string, rule: string, value: unknown): { ok: false; error: Refusal } {
  const issue: FieldIssue = { field, rule, value: shownValue(value) };
  return err(invalidFields([issue]));
}

const ANOTHER: Refusal = { code: "forbidden", message: "a tenant's key quotes for its own tenant only" };
