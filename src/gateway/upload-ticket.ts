import type { Context } from "hono";
import { z } from "zod";
import { ledgerOf } from "../ledger/ledger-of.ts";
import { checkFields, optional } from "./check-fields.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { passUpload } from "./pass-upload.ts";
import { readJsonObject } from "./read-body.ts";
import { refuse } from "./reply.ts";
import { refuseUpload } from "./upload-rules.ts";

const TICKET_BYTES_MAX = 16 * 1024;
const NAME_RULE = "must be a file name of 1 to 200 characters";
const SIZE_RULE = "must be the file's size in bytes, from 1";
const TYPE_RULE = "must be a media type, such as image/png";

const Ticket = z.object({
  filename: z.string(NAME_RULE).min(1, NAME_RULE).max(200, NAME_RULE),
  size: z.int(SIZE_RULE).min(1, SIZE_RULE),
  content_type: optional(
    z
      .string(TYPE_RULE)
      .max(200, TYPE_RULE)
      .regex(/^[\w.+-]+\/[\w.+-]+\s*(;.*)?$/, TYPE_RULE),
  ),
});

/**
 * POST /api/v3/media/uploads {filename, size, content_type?}: an address to PUT a file to. The signed address goes to
 * the client untouched, so the bytes do not pass the gateway; WaveSpeed holds them to the size of the ticket.
 */
export async function uploadTicket(c: Context<GatewayEnv>): Promise<Response> {
  const body = await readJsonObject(c.req.raw, TICKET_BYTES_MAX);
  const ticket = body.ok ? checkFields(Ticket, body.value) : body;
  if (!ticket.ok) return refuse(c, ticket.error);
  const tenant = await ledgerOf(c.env, c.get("caller").tenant).describe();
  if (!tenant) return refuse(c, { code: "not_found", message: "this tenant does not exist" });
  const { filename, size, content_type: type } = ticket.value;
  const fields = { bytes: "size", type: "content_type" };
  const refusal = refuseUpload(tenant, { bytes: size, type: type ?? null, fields });
  if (refusal) return refuse(c, refusal);
  return passUpload(c, "media/uploads", { filename, size, ...(type === undefined ? {} : { content_type: type }) });
}
