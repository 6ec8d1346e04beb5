import type { ReserveRequest } from "../../../../src/ledger/types.ts";
import { ZONES } from "./calendar.ts";
import type { Call } from "./book-changes.ts";
import { creditOf, usageOf } from "./book-money.ts";
import { offered } from "./book-prices.ts";
import { nowOf, type Book } from "./book.ts";
import { ADDRESSES, ALLOW_LISTS, budgetId, keyId, LIMIT_SCOPES, MODELS, SCOPES, TAGS } from "./step.ts";
import type { Change, KeySettings, Submit } from "./step.ts";

/** Chooses among what is there, -1 the last; undefined where nothing is. */
export const at = <T>(all: readonly T[], pick: number): T | undefined => all.at(pick % Math.max(1, all.length));

/** The offer of an isolate whose settings are fresh, or not. */
export function offer(book: Book, model: string, seconds: number, which: Submit["offer"]) {
  const all = (book.prices.get(model) ?? []).map((price) => offered(price, seconds));
  if (which === "none") return [];
  return which === "all" ? all : all.slice(...(which === "first" ? [0, 1] : [-1]));
}

export function requestOf(book: Book, step: Submit): ReserveRequest | null {
  const key = at(book.keys, step.key);
  if (!key) return null;
  const claims = step.quote && at(book.quotes, step.quote.pick);
  const quote = claims && step.quote?.foreign ? { ...claims, tenant: "f".repeat(12) } : (claims ?? null);
  const fit = quote !== null && step.quote?.fit === true;
  const model = fit ? quote.model : (MODELS[step.model] ?? "");
  const seconds = fit ? quote.seconds : step.seconds;
  const ip = key.ips === null ? null : (ADDRESSES[step.ip] ?? null);
  return {
    caller: {
      keyId: step.wrong === "id" ? keyId(999) : key.id,
      keyHash: step.wrong === "hash" ? "of nobody" : (at(key.issued, step.secret) ?? ""),
      mode: (key.mode === "live") === (step.wrong === "mode") ? "test" : "live",
      ip,
    },
    model,
    seconds,
    quote,
    tags: TAGS[step.tags] ?? {},
    rates: offer(book, model, seconds, step.offer),
    refusal: step.refusal && {
      code: step.refusal,
      message: "the edge says so",
    },
    idempotencyKey: step.idempotency === null ? null : `key ${step.idempotency}`,
    bodyHash: `${model} ${seconds} ${step.body}`,
  };
}

/** The calls that a change takes: none where there is nothing to change. */
export function callsOf(book: Book, change: Change): Call[] {
  switch (change.kind) {
    case "put_budget": {
      const { kind, slot, scope: at, zone, aboveUsed, ...rest } = change;
      const timeZone = zone === null ? null : (ZONES[zone] ?? null);
      const scope = SCOPES[at] ?? { kind: "tenant" as const };
      const thresholds = rest.thresholds ?? [];
      const used = usageOf(book, { ...rest, id: "", scope, thresholds, timeZone: timeZone ?? book.zone }, nowOf(book));
      const limitMicros = rest.limitMicros + (aboveUsed ? used.captured + used.held : 0);
      return [{ kind, input: { ...rest, limitMicros, id: budgetId(slot), scope, timeZone } }];
    }
    case "put_limit": {
      const { kind, slot, scope, ...rest } = change;
      return [{ kind, input: { ...rest, id: `l${slot}`, scope: LIMIT_SCOPES[scope] ?? { kind: "tenant" } } }];
    }
    case "delete_budget":
      return [{ kind: change.kind, input: { id: budgetId(change.slot) } }];
    case "delete_limit":
      return [{ kind: change.kind, input: { id: `l${change.slot}` } }];
    case "top_up":
    case "adjust_credit":
      return [{ kind: change.kind, input: { amountMicros: movementOf(book, change), reason: "as agreed" } }];
    case "set_credit_limit":
      return [{ kind: change.kind, input: { limitMicros: change.limitMicros } }];
    case "close_credit":
      return [...(change.atZero ? toZero(book) : []), { kind: change.kind, input: null }];
    case "set_pricing":
      return [{ kind: change.kind, input: change.pricing }];
    case "set_status":
      return [{ kind: change.kind, input: { status: change.status, reason: "because" } }];
    case "create_key":
      return [
        {
          kind: change.kind,
          input: {
            id: keyId(book.keys.length),
            name: "k",
            mode: change.mode,
            ...settingsOf(book, change),
            secret: secretOf(book),
          },
        },
      ];
    case "update_key":
    case "rotate_key":
    case "revoke_key":
      return keyCalls(book, change);
  }
}

function keyCalls(book: Book, change: Extract<Change, { key: number }>): Call[] {
  const id = at(book.keys, change.key)?.id;
  if (id === undefined) return [];
  if (change.kind === "revoke_key") return [{ kind: change.kind, input: { id } }];
  if (change.kind === "rotate_key") {
    const { kind, overlapSeconds, times } = change;
    return Array.from({ length: times }, () => ({ kind, input: { id, overlapSeconds, secret: secretOf(book) } }));
  }
  const { disabled } = change;
  return [
    {
      kind: change.kind,
      input: { id, patch: { ...settingsOf(book, change), ...(disabled !== undefined && { disabled }) } },
    },
  ];
}

/** As it is, or so that as much is left to spend. */
function movementOf(book: Book, { amountMicros, aboveUsed }: { amountMicros: number; aboveUsed: boolean }): number {
  const credit = aboveUsed ? creditOf(book) : null;
  return credit ? amountMicros - (credit.balanceMicros - credit.heldMicros + credit.limitMicros) : amountMicros;
}

function toZero(book: Book): Call[] {
  const balance = creditOf(book)?.balanceMicros ?? 0;
  return balance === 0 ? [] : [{ kind: "adjust_credit", input: { amountMicros: -balance, reason: "to close it" } }];
}

type Settings<S> = S extends KeySettings ? ReturnType<typeof allSettings> : Partial<ReturnType<typeof allSettings>>;

function settingsOf<S extends Partial<KeySettings>>(book: Book, settings: S): Settings<S> {
  const all = allSettings(book, settings as KeySettings);
  const given = Object.entries(all).filter(([name]) => (name === "expiresAt" ? "lifeMs" : name) in settings);
  return Object.fromEntries(given) as Settings<S>;
}

const allSettings = (book: Book, { team, models, scopes, ips, dedupeWindowSeconds, lifeMs }: KeySettings) => ({
  team,
  models,
  scopes,
  dedupeWindowSeconds,
  ips: ips === null ? null : (ALLOW_LISTS[ips]?.list ?? null),
  expiresAt: lifeMs === null ? null : nowOf(book) + lifeMs,
});

let secrets = 0;
const secretOf = (_book: Book) => ({ hash: `secret ${++secrets}`, prefix: "wg_", secretVersion: 1 });
