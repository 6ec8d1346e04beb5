import type { ErrorCode } from "../../../../src/errors/catalogue.ts";
import type { NewKey } from "../../../../src/ledger/change-keys.ts";
import type { ChangeInput, ChangeKind } from "../../../../src/ledger/changes.ts";
import { rotate } from "./book-keys.ts";
import { putLimit } from "./book-limits.ts";
import { creditOf, putBudget, SANDBOX_ID } from "./book-money.ts";
import { nowOf, write, type Book, type KeptKey } from "./book.ts";

/** A change as the ledger is asked for it. */
export type Call = { [Kind in ChangeKind]: { kind: Kind; input: ChangeInput<Kind> } }[ChangeKind];

/** A quarter of the largest exact number of micro-dollars. */
const CREDIT_MAX = 2_251_799_813_685_247;

/** What the change does to the books, or why it is refused; who is refused has changed nothing. */
export function doChange(book: Book, call: Call, actor: string): ErrorCode | null {
  switch (call.kind) {
    case "put_budget": {
      const { id, mode, scope } = call.input;
      if (id === SANDBOX_ID && (mode !== "test" || scope.kind !== "tenant")) return "conflict";
      const thresholds = [...(call.input.thresholds ?? [50, 80, 100])].sort((a, b) => a - b);
      putBudget(book, { ...call.input, thresholds, timeZone: call.input.timeZone ?? book.zone });
      return null;
    }
    case "preview_budget":
    case "used_before":
      return null;
    case "delete_budget":
      return book.budgets.delete(call.input.id) ? null : "not_found";
    case "put_limit":
      putLimit(book, call.input);
      return null;
    case "delete_limit":
      return book.limits.delete(call.input.id) ? null : "not_found";
    case "set_pricing":
      book.pricing = { ...call.input, version: book.pricing.version + 1 };
      return null;
    case "set_status":
      book.status = call.input.status;
      return null;
    // No money, and no access: nothing in the books.
    case "set_handling":
    case "set_allowed_origins":
    case "set_uploads":
    case "set_webhooks":
      return null;
    case "create_key":
      book.keys.push(newKey(book, call.input));
      return null;
    case "update_key":
    case "rotate_key":
    case "revoke_key":
      return changeKey(book, call);
    default:
      return changeCredit(book, call, actor);
  }
}

type CallOf<Kind extends ChangeKind> = Extract<Call, { kind: Kind }>;

function newKey(book: Book, { secret, ...key }: NewKey): KeptKey {
  const secrets = [{ hash: secret.hash, expiresAt: null }];
  return { ...key, secrets, issued: [secret.hash], createdAt: nowOf(book), disabledAt: null, revokedAt: null };
}

function changeKey(book: Book, call: CallOf<"update_key" | "rotate_key" | "revoke_key">): ErrorCode | null {
  const key = book.keys.find(({ id }) => id === call.input.id);
  if (!key) return "not_found";
  if (call.kind === "revoke_key") {
    key.revokedAt ??= nowOf(book);
    return null;
  }
  if (key.revokedAt !== null) return "conflict";
  if (call.kind === "rotate_key") {
    return rotate(book, key, call.input.secret.hash, call.input.overlapSeconds) ? null : "conflict";
  }
  const { disabled, ...patch } = call.input.patch;
  Object.assign(key, patch);
  if (disabled !== undefined) key.disabledAt = disabled ? (key.disabledAt ?? nowOf(book)) : null;
  return null;
}

function changeCredit(
  book: Book,
  call: CallOf<"top_up" | "adjust_credit" | "set_credit_limit" | "close_credit">,
  actor: string,
): ErrorCode | null {
  const credit = creditOf(book);
  if (call.kind === "set_credit_limit" || call.kind === "close_credit") {
    const limitMicros = call.kind === "close_credit" ? null : call.input.limitMicros;
    if (limitMicros !== null && limitMicros > CREDIT_MAX) return "invalid_request";
    if (call.kind === "close_credit") {
      if (!credit) return "not_found";
      if (credit.balanceMicros !== 0 || credit.heldJobs > 0) return "conflict";
    }
    book.creditLimit = limitMicros;
    write(book, () => ({ kind: "credit_limit", limitMicros, actor }));
    return null;
  }
  const { amountMicros, reason } = call.input;
  if (!credit && call.kind === "adjust_credit") return "not_found";
  const balanceMicros = (credit?.balanceMicros ?? 0) + amountMicros;
  if (balanceMicros > CREDIT_MAX || balanceMicros < -CREDIT_MAX) return "invalid_request";
  book.creditLimit ??= 0;
  book.movements.push(amountMicros);
  const cause = call.kind === "top_up" ? "top_up" : "adjustment";
  write(book, () => ({ kind: "credit", cause, amountMicros, reason, balanceMicros, actor }));
  return null;
}
