import { expect, test } from "vitest";
import { readWebhookParam } from "../../../src/webhooks/webhook-param.ts";

test.each([
  ["", null],
  ["?wait=5", null],
  ["?webhook=", null],
  ["?webhook=https%3A%2F%2Facme.dev%2Fx%3Fa%3Db%26c%3Dd&wait=5", "https://acme.dev/x?a=b&c=d"],
  ["?wait=5&webhook=https%3A%2F%2Facme.dev%2Fx", "https://acme.dev/x"],
  // As the older JavaScript client sends it.
  ["?webhook=https://acme.dev/x", "https://acme.dev/x"],
  ["?webhook=https://acme.dev/x?a=b&c=d", "https://acme.dev/x?a=b&c=d"],
  ["?webhook=https://acme.dev/x?a=b%20c&c=%2F", "https://acme.dev/x?a=b%20c&c=%2F"],
  ["?wait=5&webhook=https://acme.dev/x?a=b&c=d", "https://acme.dev/x?a=b&c=d"],
  // Without a question mark of its own nothing says that the rest belongs to it.
  ["?webhook=https://acme.dev/x&wait=5", "https://acme.dev/x"],
  ["?webhook=https://acme.dev/x%3Fa=b&wait=5", "https://acme.dev/x?a=b"],
  ["?notwebhook=https://acme.dev/x?a=b", null],
])("%s names %s", (search, url) => expect(readWebhookParam(search)).toBe(url));
