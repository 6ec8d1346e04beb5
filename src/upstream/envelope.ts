/** WaveSpeed's ordinary answer: `{code, message, data}`. */
export interface Envelope {
  code: number;
  message: string;
  data: unknown;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The envelope in a body, or null where there is none. */
export function parseEnvelope(body: string): Envelope | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  if (!isRecord(value) || typeof value["code"] !== "number") return null;
  const message = value["message"];
  return { code: value["code"], message: typeof message === "string" ? message : "", data: value["data"] };
}
