import type { Context } from "hono";
import { getMimeType } from "hono/utils/mime";
import { showValue } from "../catalog/index.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { passUpload } from "./pass-upload.ts";
import { BODY_BYTES_MAX, readBytes } from "./read-body.ts";
import { invalid, refuse } from "./reply.ts";
import { refuseUpload } from "./upload-rules.ts";

/**
 * POST /api/v3/media/upload/binary, multipart with a field `file`: what older clients send. Also from those that send
 * it in chunks and do not say its length; nothing is read beyond the limit.
 */
export async function uploadBinary(c: Context<GatewayEnv>): Promise<Response> {
  const form = await readForm(c.req.raw);
  if (!form.ok) return refuse(c, form.error);
  const file = form.value.get("file");
  if (!(file instanceof File)) {
    return refuse(c, invalid([{ field: "file", rule: "must be a file", value: showValue(file ?? undefined) }]));
  }
  const tenant = await ledgerOf(c.env, c.get("caller").tenant).describe();
  if (!tenant) return refuse(c, { code: "not_found", message: "this tenant does not exist" });
  const fields = { bytes: "file", type: "file" };
  const refusal = refuseUpload(tenant, { bytes: file.size, type: typeOf(file), fields });
  if (refusal) return refuse(c, refusal);
  // The file that was looked at, and nothing else: another part, also one of the same name, may be of any kind.
  const passed = new FormData();
  passed.append("file", file);
  return passUpload(c, "media/upload/binary", passed);
}

/** Older JavaScript clients send every file without a type, and runtimes fill in the one that says nothing: then its name tells. */
function typeOf({ type, name }: File): string | null {
  const isSaid = type !== "" && !/^application\/octet-stream\b/i.test(type);
  return isSaid ? type : (getMimeType(name) ?? (type || null));
}

async function readForm(request: Request): Promise<Result<FormData, Refusal>> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\b/i.test(type)) {
    return err(invalid([{ field: "content-type", rule: "must be multipart/form-data", value: showValue(type) }]));
  }
  const bytes = await readBytes(request, BODY_BYTES_MAX);
  if (!bytes.ok) return bytes.error.code === "body_too_large" ? err(TOO_LARGE) : bytes;
  try {
    return ok(await new Response(bytes.value, { headers: { "content-type": type } }).formData());
  } catch {
    return err(invalid([{ field: "body", rule: "must be multipart/form-data", value: "something else" }]));
  }
}

const TOO_LARGE: Refusal = {
  code: "body_too_large",
  message: `a request body may have ${BODY_BYTES_MAX} bytes at most; larger files go by a ticket of /media/uploads`,
};
