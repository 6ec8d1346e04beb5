import type { ModelsAnswer, QuoteAnswer } from "./answers.ts";
import { isRecord, parseEnvelope } from "./envelope.ts";

const MICROS_PER_USD = 1_000_000;

export function readModelsAnswer(status: number, body: string): ModelsAnswer {
  const envelope = parseEnvelope(body);
  if (status === 200 && envelope?.code === 200 && Array.isArray(envelope.data)) {
    return { kind: "listed", entries: envelope.data };
  }
  return {
    kind: "unreadable",
    reason: `the list of models answers HTTP ${status}${envelope ? "" : ", without an envelope"}`,
  };
}

/** Both editions of the answer: what is paid after a discount, the price, or the older edition's unit price. */
export function readQuoteAnswer(status: number, body: string): QuoteAnswer {
  const envelope = parseEnvelope(body);
  const data = isRecord(envelope?.data) ? envelope.data : {};
  const usd = [data["discounted_price"], data["price"], data["unit_price"]].find((price) => typeof price === "number");
  if (status !== 200 || typeof usd !== "number" || !Number.isFinite(usd) || usd < 0) {
    return {
      kind: "unreadable",
      reason: `its price answers HTTP ${status}${usd === undefined ? ", without a price" : ""}`,
    };
  }
  return { kind: "quoted", micros: Math.round(usd * MICROS_PER_USD) };
}
