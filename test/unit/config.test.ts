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
