import type { AccountSettings } from "../accounts/account-settings.ts";
import type { UpstreamAccountApi } from "../accounts/types.ts";
import type { AccessSettings, MailSettings } from "../config.ts";
import type { Refusal } from "../errors/catalogue.ts";
import type { Result } from "../errors/result.ts";
import type { JobTrackerApi } from "../jobs/types.ts";
import type { GatewaySecrets } from "../keys/gateway-secrets.ts";
import type { ApiKey, TenantInfo, TenantLedgerApi } from "../ledger/types.ts";
import type { CatalogueSource } from "../sync/index.ts";
import { teamSeenBy, type Membership, type Session, type SessionLookup } from "../people/index.ts";
import type { Settings } from "../settings/index.ts";
import type { WebhookDeskApi } from "../webhooks/types.ts";

/** What the management API needs of the Worker it runs in. The app provides one per request. */
export interface Services {
  control: D1Database;
  /** Who is signed in: of the HTTP request that came from outside, through all calls that are made within it. */
  sessions: SessionLookup;
  report: D1Database;
  ledger: (tenant: string) => TenantLedgerApi;
  /** A job's tracker; null: not an id that a job can have. */
  tracker: (jobId: string) => JobTrackerApi | null;
  /** The operator's upstream accounts, and the object of one. */
  accounts: readonly AccountSettings[];
  account: (name: string) => UpstreamAccountApi;
  /** Where a tenant's webhooks are kept and sent. */
  desk: (tenant: string) => WebhookDeskApi;
  /** Webhooks may go to this very machine: see `Config`. */
  webhookAllowLoopback: boolean;
  /** As the outside reaches the gateway; null: not known. */
  publicUrl: string | null;
  /** Sends links by e-mail; null: nothing is mailed. */
  mail: MailSettings | null;
  /** Null: nobody signs in by Cloudflare Access. */
  access: AccessSettings | null;
  /** Work that goes on after the answer. */
  waitUntil: (work: Promise<unknown>) => void;
  /** Where WaveSpeed says what it offers: its first account's. */
  catalogue: CatalogueSource;
  secrets: GatewaySecrets;
  /** The tenant API, in this very Worker. */
  tenantApi: (request: Request) => Promise<Response>;
  /** The isolate's copy of the operator's settings: `loadSettings(control, now())`. */
  settings: () => Promise<Result<Settings, Refusal>>;
  /** Milliseconds between a price change and its effect; more than a copy of the settings lives. */
  settingsLeadMs: number;
  /** The client's address where no `cf-connecting-ip` says it. */
  localClientIp: string | null;
  /** Epoch milliseconds. */
  now: () => number;
  /** Fresh random bytes, for keys and ids. */
  random: (bytes: number) => Uint8Array;
}

/** Who calls: an operator with a management key, or a tenant with one of its own. */
export type Principal = { kind: "operator"; keyId: string } | TenantPrincipal | PersonPrincipal;

/** A person who is signed in. */
export interface PersonPrincipal {
  kind: "person";
  session: Session;
  /** The place in the path's tenant; null: the path names none, or this is an operator. */
  place: Membership | null;
}

/** `secretExpiresAt`: epoch ms at which what was sent stops working; null: never. */
export interface TenantPrincipal {
  kind: "tenant";
  key: ApiKey;
  tenant: TenantInfo;
  secretExpiresAt: number | null;
}

/** A caller as journals name it. */
export function actorOf(principal: Principal): string {
  if (principal.kind === "person") return `person:${principal.session.person.id}`;
  return principal.kind === "operator" ? `operator:${principal.keyId}` : `key:${principal.key.id}`;
}

/** Runs the gateway, by a key or as a person: sees costs, and gives tenants what they may spend. */
export const isOperator = (principal: Principal): boolean =>
  principal.kind === "operator" || (principal.kind === "person" && principal.session.person.operator);

/** Whose data of the path's tenant a caller may see: null is all of it, else one team's. */
export const teamOf = (principal: Principal): string | null =>
  principal.kind === "person" && principal.place ? teamSeenBy(principal.place.role, principal.place.team) : null;

/**
 * Variables of the Hono context; `principal` is set by the access guards. `signedIn`: whom a call that needs no key has let
 * in, set by it for the audit log.
 */
export interface ManagementEnv {
  Variables: { services: Services; principal: Principal; signedIn?: { id: string; name: string } };
}

/** A route for tenants that was reached by another caller: its guard let nobody else in. */
export const NOT_A_TENANT: Refusal = { code: "forbidden", message: "this call is for tenants" };
