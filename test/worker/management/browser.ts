import { makeApp } from "../../../src/app.ts";
import type { Env } from "../../../src/config.ts";
import { SESSION_COOKIE } from "../../../src/people/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { control, type Answer, type Json } from "./api.ts";

export const ORIGIN = "http://localhost:8787";

/** A browser: it keeps the cookie that it is given, and sends the CSRF token that it was told. `variables`: the gateway's, as set otherwise. */
export function openBrowser(variables: Partial<Env> = {}, ip = "203.0.113.9") {
  const app = makeApp();
  const state: { cookie: string | null; csrf: string | null; setCookie: string | null; origin: string } = {
    cookie: null,
    csrf: null,
    setCookie: null,
    origin: ORIGIN,
  };
  const late: Promise<unknown>[] = [];
  const env = { ...testEnv, ...variables };
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const sent = new Headers({ "sec-fetch-site": "same-origin", "cf-connecting-ip": ip, ...headers });
    if (state.cookie !== null) sent.set("cookie", `${SESSION_COOKIE}=${state.cookie}`);
    if (state.csrf !== null) sent.set("x-wavegate-csrf", state.csrf);
    if (body !== undefined) sent.set("content-type", "application/json");
    const request = new Request(`${state.origin}${path}`, {
      method,
      headers: sent,
      body: body === undefined ? null : JSON.stringify(body),
    });
    const context = { waitUntil: (work: Promise<unknown>) => void late.push(work), passThroughOnException: () => {} };
    const response = await app.fetch(request, env, context as unknown as ExecutionContext);
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, text, body: parse(text) };
    state.setCookie = response.headers.get("set-cookie");
    const given = state.setCookie === null ? null : new RegExp(`^${SESSION_COOKIE}=([^;]*)`).exec(state.setCookie);
    if (given) state.cookie = given[1] || null;
    if (typeof answer.body["csrf"] === "string") state.csrf = answer.body["csrf"];
    return answer;
  };
  /** What goes on after the answers. */
  const settled = async (): Promise<void> => void (await Promise.all(late.splice(0)));
  return { state, call, settled };
}

export type Browser = ReturnType<typeof openBrowser>;

const parse = (text: string): Json => (text === "" ? {} : (JSON.parse(text) as Json));

export const codeOf = (url: unknown): string => new URL(String(url)).searchParams.get("code") ?? "";

/** Uses a link up in a browser of its own. */
export async function enter(url: unknown, browser = openBrowser()): Promise<Browser & { answer: Answer }> {
  const answer = await browser.call("POST", "/v1/sign-in", { code: codeOf(url) });
  return { ...browser, answer };
}

const TABLES = ["people", "memberships", "teams", "sign_in_links", "passkeys", "challenges", "sessions", "attempts"];

/** All that D1 has of people, as text. */
export async function storedOfPeople(): Promise<string> {
  const rows = await Promise.all(TABLES.map((table) => control.prepare(`SELECT * FROM ${table}`).all()));
  return JSON.stringify(rows.map(({ results }) => results));
}

let seed = 0;

/** An e-mail that nobody has. */
export const newEmail = (): string => `someone-${Date.now().toString(36)}-${(seed += 1)}@example.com`;
