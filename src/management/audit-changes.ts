import type { Context, Handler } from "hono";
import {
  appendEntry,
  beginChange,
  dropChange,
  GATEWAY_CHAIN,
  OPERATOR_SEEN_AS,
  type BegunChange,
} from "../audit-log/index.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { sha256Hex } from "../keys/sha256-hex.ts";
import { log } from "../observability/log.ts";
import { TRIES_MAX } from "../people/index.ts";
import { auditCaller } from "./audit-caller.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { isOperator, type ManagementEnv, type Principal, type Services } from "./services.ts";
import { throttleSubject } from "./signing-in.ts";
import { rowBefore, stateBefore } from "./state-before.ts";
import { stateReader, type StateReader } from "./state-reader.ts";
import { withoutOperatorsOnly } from "./without-operators-only.ts";
import { withoutSecrets } from "./without-secrets.ts";

/**
 * What a route says of itself. `x-audit` false: it changes nothing; `tells`: see `withoutSecrets`; `row`: the body's member that
 * names the row of this path's list; `asked`: what was asked for stands beside what came of it; `chain` "gateway": what a tenant may not see, though the path is of one.
 */
interface Route {
  method: string;
  path: string;
  "x-access"?: string;
  "x-audit"?: false | { tells?: readonly string[]; row?: string; chain?: "gateway"; asked?: true };
}

/** What of a state is kept. */
interface Kept {
  tells: readonly string[];
  asked: boolean;
  isOfTenant: boolean;
}

type Call = Context<ManagementEnv>;
type Register = (route: Route, handler: Handler<ManagementEnv>, hook?: unknown) => unknown;

const TEXT_MAX = 500;
/** Of what was before, and after: what is longer is kept as its hash. */
const STATE_CHARS_MAX = 16_000;

/**
 * Makes every operation that is registered from now on leave an entry in the audit log when it succeeds, but GETs and those
 * that say `"x-audit": false`. It stands between the validators and the operation, so that what is refused before costs no row.
 */
export function auditChanges(app: ManagementApp): void {
  const reads = new Set<string>();
  const register = app.openapi as unknown as Register;
  const audited: Register = (route, handler, hook) => {
    if (route.method.toLowerCase() === "get") reads.add(route.path);
    const isKept = route.method.toLowerCase() !== "get" && route["x-audit"] !== false;
    return register(route, isKept ? (c, next) => answer(app, reads, route, c, () => handler(c, next)) : handler, hook);
  };
  app.openapi = audited as unknown as ManagementApp["openapi"];
}

async function answer(app: ManagementApp, reads: Set<string>, route: Route, c: Call, run: () => unknown) {
  const isPublic = route["x-access"] === "public";
  const { tells = [], row, asked = false } = route["x-audit"] || {};
  const kept = { tells, asked, isOfTenant: chainOf(c, route) !== GATEWAY_CHAIN };
  const throttled = isPublic ? null : await throttleChanges(c);
  if (throttled) return refuse(c, throttled);
  const before = isPublic ? null : await readBefore(app, c, stateReader(route.method, route.path, reads), row);
  // A call that needs no key writes nothing before it has let somebody in: else anybody could fill the table.
  const begun = isPublic ? null : await begin(c, route, textOf(before, kept));
  const reply = (await run()) as Response;
  const change = begun ?? (reply.ok ? await changeOf(c, route, null) : null);
  if (change) await end(c, change, reply, kept);
  return reply;
}

/** An entry is for ever, or for years: nobody of a tenant fills the database with them. Operators may. */
async function throttleChanges(c: Call): Promise<Refusal | null> {
  const principal: Principal | undefined = c.get("principal");
  if (principal?.kind !== "person" || isOperator(principal)) return null;
  return throttleSubject(c, `change\n${principal.session.person.id}`, TRIES_MAX.changes, "changes");
}

async function readBefore(app: ManagementApp, c: Call, reader: StateReader | null, row?: string): Promise<unknown> {
  if (!reader) return null;
  if (row === undefined) return stateBefore(app, c, reader);
  const body = await c.req.json<Record<string, unknown>>();
  return rowBefore(app, c, { path: reader.path, id: String(body[row]) });
}

async function begin(c: Call, route: Route, before: string | null): Promise<BegunChange | null> {
  const change = await changeOf(c, route, before);
  if (change) await beginChange(c.get("services").control, change);
  return change;
}

async function changeOf(c: Call, route: Route, before: string | null): Promise<BegunChange | null> {
  const services = c.get("services");
  const caller = await auditCaller(c);
  if (!caller) return null;
  return {
    id: Buffer.from(services.random(8)).toString("hex"),
    chain: chainOf(c, route),
    begunAt: services.now(),
    actor: caller.actor,
    actorName: shortText(caller.actorName),
    action: `${route.method.toUpperCase()} ${route.path}`,
    target: shortText(c.req.path),
    ip: shortText(c.req.header("cf-connecting-ip") ?? services.localClientIp ?? ""),
    userAgent: shortText(c.req.header("user-agent") ?? ""),
    seenAs: caller.isOperator ? OPERATOR_SEEN_AS : caller.actor,
    whoSalt: Buffer.from(services.random(16)).toString("hex"),
    before,
  };
}

const chainOf = (c: Call, route: Route): string =>
  (route["x-audit"] && route["x-audit"].chain) === "gateway" ? GATEWAY_CHAIN : (c.req.param("tenant") ?? GATEWAY_CHAIN);

/** Refused: nothing changed, unless we failed. Replayed: an earlier call has the entry. Else the entry. */
async function end(c: Call, change: BegunChange, reply: Response, kept: Kept): Promise<void> {
  const services = c.get("services");
  if (reply.status >= 500) return;
  try {
    if (!reply.ok || reply.headers.has("idempotency-replayed")) return await dropChange(services.control, change.id);
    await append(services, change, textOf(kept.asked ? await withAsked(c, reply) : await bodyOf(reply), kept));
  } catch (error) {
    // The change is made and must be answered; its intent stands, so the cron will tell it as unknown.
    log.error("a change has no audit entry yet", { id: change.id, action: change.action, error });
  }
}

const append = (services: Services, change: BegunChange, after: string | null) =>
  appendEntry(services.control, services.secrets, { change, end: { outcome: "done", after } }, services.now());

/** How much was added, and why: by the balances before and after it could not be told from what jobs took meanwhile. */
const withAsked = async (c: Call, reply: Response): Promise<unknown> => ({
  ...(await reply.clone().json<Record<string, unknown>>()),
  asked: await c.req.json<unknown>(),
});

const bodyOf = async (reply: Response): Promise<unknown> =>
  reply.headers.get("content-type")?.startsWith("application/json") ? reply.clone().json() : null;

function textOf(state: unknown, { tells, isOfTenant }: Kept): string | null {
  if (state === null) return null;
  const text = JSON.stringify(withoutSecrets(isOfTenant ? withoutOperatorsOnly(state) : state, tells)).toWellFormed();
  return text.length <= STATE_CHARS_MAX ? text : JSON.stringify({ too_long: text.length, sha256: sha256Hex(text) });
}

const shortText = (text: string): string => text.slice(0, TEXT_MAX).toWellFormed();
