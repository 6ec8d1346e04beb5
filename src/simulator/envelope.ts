/** WaveSpeed's answer to everything: `{code, message, data}`. */
export const success = (data: unknown): Response => Response.json({ code: 200, message: "success", data });

/** A refusal. `code` is the HTTP status unless WaveSpeed has a code of its own for the case. */
export const failure = (status: number, message: string, code = status, headers: HeadersInit = {}): Response =>
  Response.json({ code, message }, { status, headers });
