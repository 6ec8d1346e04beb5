import { exports } from "cloudflare:workers";
import type { SignedIn } from "../management/signed-in.ts";

const worker = exports as unknown as { default: { fetch: (request: Request) => Promise<Response> } };

/** A browser's request; a form is posted from the gateway's own page. */
export const browse = (
  path: string,
  init: RequestInit & { headers?: Record<string, string> } = {},
): Promise<Response> =>
  worker.default.fetch(new Request(`http://gateway.test${path}`, { redirect: "manual", ...init }));

export const post = (
  path: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  browse(path, {
    method: "POST",
    body: new URLSearchParams(form),
    headers: { origin: "http://gateway.test", ...headers },
  });

/** The console as somebody who is signed in uses it. */
export function browserOf({ cookie, csrf }: SignedIn) {
  const shown = async (answer: Response) => ({
    status: answer.status,
    location: answer.headers.get("location"),
    html: await answer.text(),
  });
  return {
    see: async (path: string) => shown(await browse(path, { headers: { cookie } })),
    send: async (path: string, form: Record<string, string>) => shown(await post(path, { csrf, ...form }, { cookie })),
  };
}

export type Browser = ReturnType<typeof browserOf>;

/** A name that would run if a page did not escape it, as HTML and as a page must show it. */
export const HOSTILE = "<img src=x onerror=alert(1)>";
export const ESCAPED = "&lt;img src=x onerror=alert(1)&gt;";
