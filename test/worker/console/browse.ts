import { exports } from "cloudflare:workers";

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

/** A page as somebody sees it. */
export async function see(path: string, cookie: string): Promise<{ status: number; html: string }> {
  const answer = await browse(path, { headers: { cookie } });
  return { status: answer.status, html: await answer.text() };
}
