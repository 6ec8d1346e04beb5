import { describe, expect, test } from "vitest";
import { gatewayVariables } from "../../scripts/start/variables.ts";
import { parseConfig, type Env } from "../../src/config.ts";

const variables = (publicUrl: string): Record<string, string> =>
  gatewayVariables(
    {},
    { baseUrl: "http://localhost:1", apiKey: "x", publicUrl, simulatorPort: null },
    `1:${"a".repeat(64)}`,
  );

const parse = (change: Record<string, string>) => parseConfig({ ...variables(""), ...change } as unknown as Env);

describe("webhooks to this very machine", () => {
  test("are refused in the configuration of a gateway that others reach", () => {
    const open = { WEBHOOK_ALLOW_LOOPBACK: "true" };
    expect(() => parse({ ...open, PUBLIC_URL: "https://gateway.example.com" })).toThrow(/^WEBHOOK_ALLOW_LOOPBACK: /);
    expect(parse({ ...open, PUBLIC_URL: "http://localhost:8787" }).webhookAllowLoopback).toBe(true);
    expect(parse({ WEBHOOK_ALLOW_LOOPBACK: "" }).webhookAllowLoopback).toBe(false);
  });

  test("are allowed by npm start, but not behind a tunnel", () => {
    expect(parse(variables("http://localhost:8787")).webhookAllowLoopback).toBe(true);
    expect(parse(variables("https://a.tunnel.example")).webhookAllowLoopback).toBe(false);
  });
});

const MAIL = {
  WEBHOOK_ALLOW_LOOPBACK: "",
  PUBLIC_URL: "https://gateway.example",
  MAIL_API_URL: "https://mail.example/emails",
  MAIL_API_KEY: "re_secret",
  MAIL_FROM: "Wavegate <w@example.com>",
};
const ACCESS = { ACCESS_TEAM_DOMAIN: "acme.cloudflareaccess.com", ACCESS_AUD: "a".repeat(64) };

const HOST = "a host such as acme.cloudflareaccess.com";
const SENDER = "an address such as a@b.example or Name <a@b.example>";

describe("how people come in", () => {
  test("is as configured, or by links that are shown alone", () => {
    expect(parse({})).toMatchObject({ mail: null, access: null });
    const { mail, access } = parse({ ...MAIL, ...ACCESS });
    expect(mail).toEqual({ url: MAIL.MAIL_API_URL, key: "re_secret", from: MAIL.MAIL_FROM });
    expect(access).toEqual({ issuer: "https://acme.cloudflareaccess.com", audience: ACCESS.ACCESS_AUD });
    const near = { ...MAIL, MAIL_API_URL: "http://localhost:2525", MAIL_FROM: "w@example.com" };
    expect(parse(near).mail).toMatchObject({ url: "http://localhost:2525", from: "w@example.com" });
  });

  test.each<[string, string, string]>([
    ["MAIL_API_URL", "mail.example", 'MAIL_API_URL: an http or https address, not "mail.example"'],
    ["MAIL_API_URL", "ftp://mail.example", 'MAIL_API_URL: an http or https address, not "ftp://mail.example"'],
    [
      "MAIL_API_URL",
      "http://mail.example",
      'MAIL_API_URL: https, or http on this very machine, not "http://mail.example"',
    ],
    [
      "MAIL_API_URL",
      "http://localhost.evil.example",
      'MAIL_API_URL: https, or http on this very machine, not "http://localhost.evil.example"',
    ],
    ["MAIL_API_KEY", "re secret", "MAIL_API_KEY: visible ASCII without spaces, not a value that is not shown"],
    ["MAIL_API_KEY", "re\nx", "MAIL_API_KEY: visible ASCII without spaces, not a value that is not shown"],
    ["MAIL_FROM", "wavegate", `MAIL_FROM: ${SENDER}, not "wavegate"`],
    ["MAIL_FROM", "a@b.example\nBcc: c@d.example", `MAIL_FROM: ${SENDER}, not "a@b.example\\nBcc: c@d.example"`],
    ["MAIL_FROM", "X <a@b.example", `MAIL_FROM: ${SENDER}, not "X <a@b.example"`],
    ["PUBLIC_URL", "", "PUBLIC_URL: needed where MAIL_API_URL is set, since mailed links lead there"],
    ["PUBLIC_URL", "gateway", 'PUBLIC_URL: an http or https address, not "gateway"'],
    ["ACCESS_TEAM_DOMAIN", "acme", `ACCESS_TEAM_DOMAIN: ${HOST}, not "acme"`],
    ["ACCESS_TEAM_DOMAIN", "https://acme.example", `ACCESS_TEAM_DOMAIN: ${HOST}, not "https://acme.example"`],
    ["ACCESS_TEAM_DOMAIN", "acme.example/x", `ACCESS_TEAM_DOMAIN: ${HOST}, not "acme.example/x"`],
    ["ACCESS_AUD", "abc", 'ACCESS_AUD: the application\'s audience tag, 64 hex digits, not "abc"'],
  ])("%s=%j is refused", (name, value, message) => {
    expect(() => parse({ ...MAIL, ...ACCESS, [name]: value })).toThrow(new Error(message));
  });

  test.each([
    ["MAIL_API_URL", "MAIL_API_URL, MAIL_API_KEY, MAIL_FROM"],
    ["MAIL_API_KEY", "MAIL_API_URL, MAIL_API_KEY, MAIL_FROM"],
    ["MAIL_FROM", "MAIL_API_URL, MAIL_API_KEY, MAIL_FROM"],
    ["ACCESS_TEAM_DOMAIN", "ACCESS_TEAM_DOMAIN, ACCESS_AUD"],
    ["ACCESS_AUD", "ACCESS_TEAM_DOMAIN, ACCESS_AUD"],
  ])("%s is not left out alone", (name, all) => {
    expect(() => parse({ ...MAIL, ...ACCESS, [name]: "" })).toThrow(new Error(`${name}: needed with ${all}`));
  });
});
