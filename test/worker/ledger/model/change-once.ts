import { expect } from "vitest";
import type { Changed, ChangeKind, ChangeMeta } from "../../../../src/ledger/changes.ts";
import type { TenantLedgerApi } from "../../../../src/ledger/types.ts";
import { doChange, type Call } from "./book-changes.ts";
import { nowOf, type Book } from "./book.ts";
import { DAY_MS } from "./calendar.ts";
import { same } from "./compare.ts";

/** A change that had an Idempotency-Key, to be asked for again. */
export interface Remembered {
  call: Call;
  once: number;
}

const ACTOR = "op_1";

/** `change` as one function, for a call whose kind is only known when it comes. */
interface AnyLedger {
  change(kind: ChangeKind, input: unknown, meta: ChangeMeta): Promise<Changed<ChangeKind>>;
}

/** An Idempotency-Key makes a change once in two days: the same body gets the answer of then, another one none. */
export async function changeOnce(
  ledger: TenantLedgerApi,
  book: Book,
  call: Call,
  once: number | null,
  body: string,
): Promise<string> {
  const earlier = rememberedOnce(book, once);
  const scope = `op_1 ${once}`;
  const meta = { actor: ACTOR, once: once === null ? null : { scope, bodyHash: body } };
  const at = nowOf(book);
  const isRepeat = earlier?.body === body;
  const refusal = isRepeat ? null : earlier ? "idempotency_conflict" : doChange(book, call, ACTOR);
  const answer = await (ledger as AnyLedger).change(call.kind, call.input, meta);
  if (refusal !== null) {
    expect(answer, call.kind).toMatchObject({ ok: false, error: { code: refusal }, replayed: false });
    return `${call.kind} ${refusal}`;
  }
  same({ ok: answer.ok, replayed: answer.replayed }, { ok: true, replayed: isRepeat }, call.kind);
  const reply = JSON.stringify("value" in answer ? answer.value : null);
  if (isRepeat) same(reply, earlier.reply, "the answer of then");
  else if (once !== null) book.onces.set(scope, { body, reply, at });
  return isRepeat ? "change replayed" : call.kind;
}

function rememberedOnce(book: Book, once: number | null) {
  const kept = book.onces.get(`op_1 ${once}`);
  return once !== null && kept && nowOf(book) - kept.at < 2 * DAY_MS ? kept : undefined;
}

/** A new secret or key is issued for each request, so one that is no repeat any more would be another. */
export function again(
  ledger: TenantLedgerApi,
  book: Book,
  { call, once }: Remembered,
  otherBody: boolean,
): Promise<string> {
  const isNew = call.kind === "create_key" || call.kind === "rotate_key";
  if (isNew && !rememberedOnce(book, once)) return Promise.resolve("no repeat");
  return changeOnce(ledger, book, call, once, JSON.stringify(call) + (otherBody ? " " : ""));
}
