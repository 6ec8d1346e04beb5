import type { Context } from "hono";
import type { Refusal } from "../errors/catalogue.ts";
import { SANDBOX_PREFIX } from "../accounts/account-of.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { refuse } from "./reply.ts";

/** The only headers that media need; a client's key is not for the simulator. */
const PASSED_ON = ["range", "content-type", "content-length", "if-none-match"];

/** A path of plain segments: nothing encoded, nothing that climbs, no authority to slip in. */
const MEDIA_PATH = /^\/media(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/;

/**
 * /sandbox/media/...: the simulator's outputs and uploads, for sandbox jobs. The simulator has no
 * route of its own; of it, only this prefix is public, and it holds nothing but media.
 */
export async function sandboxMedia(c: Context<GatewayEnv>): Promise<Response> {
  const path = new URL(c.req.url).pathname.slice(SANDBOX_PREFIX.length);
  if (!MEDIA_PATH.test(path)) return refuse(c, NO_FILE);
  const url = new URL("https://simulator.invalid");
  url.pathname = path;
  const headers = new Headers();
  for (const name of PASSED_ON) {
    const value = c.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  const answer = await c.env.SIMULATOR.fetch(new Request(url, { method: c.req.method, headers, body: c.req.raw.body }));
  // A path that is no file's is a call to it, which asks for a key.
  return answer.status === 401 || answer.status === 404 ? refuse(c, NO_FILE) : harmless(answer);
}

/** Uploads are tenants' files under tenants' own types: none may run as a page of this origin. */
function harmless(answer: Response): Response {
  const safe = new Response(answer.body, answer);
  safe.headers.set("content-security-policy", "sandbox; default-src 'none'");
  safe.headers.set("x-content-type-options", "nosniff");
  return safe;
}

const NO_FILE: Refusal = { code: "not_found", message: "there is no such file" };
