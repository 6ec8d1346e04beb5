import { describe, expect, test } from "vitest";
import { checkWebhookUrl, WEBHOOK_URL_CHARS_MAX } from "../../../src/webhooks/url-rule.ts";

const check = (url: string, allowLoopback = false) => checkWebhookUrl(url, { allowLoopback });

describe("an address that a webhook may go to", () => {
  test.each([
    ["https://hooks.acme.dev/wavespeed", "https://hooks.acme.dev/wavespeed"],
    ["https://Hooks.Acme.DEV", "https://hooks.acme.dev/"],
    ["https://a.b.c.co.uk/x?a=b&c=d", "https://a.b.c.co.uk/x?a=b&c=d"],
    ["https://acme.dev:443/x", "https://acme.dev/x"],
    ["https://acme.dev./x", "https://acme.dev./x"],
    ["https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"],
    ["https://acme.dev/x#part", "https://acme.dev/x"],
    ["https://10.0.0.1.acme.dev/x", "https://10.0.0.1.acme.dev/x"],
  ])("%s", (given, called) => expect(check(given)).toEqual({ ok: true, value: called }));
});

describe("an address that leads inside is refused, however it is spelled", () => {
  test.each([
    ["127.0.0.1", "IP"],
    ["127.1", "IP"],
    ["2130706433", "IP"],
    ["0x7f000001", "IP"],
    ["0x7f.0.0.1", "IP"],
    ["0177.0.0.1", "IP"],
    ["017700000001", "IP"],
    ["0", "IP"],
    ["127.0.0.1.", "IP"],
    ["10.1.2.3", "IP"],
    ["169.254.169.254", "IP"],
    ["8.8.8.8", "IP"],
    ["%31%32%37.0.0.1", "IP"],
    ["[::1]", "IP"],
    ["[::ffff:127.0.0.1]", "IP"],
    ["[fd00::1]", "IP"],
    ["[2606:4700::1111]", "IP"],
    ["localhost", "full host name"],
    ["LOCALHOST", "full host name"],
    ["localhost.", "full host name"],
    ["a.localhost", ".localhost"],
    ["intranet", "full host name"],
    ["router", "full host name"],
    ["printer.local", ".local"],
    ["metadata.google.internal", ".internal"],
    ["metadata.google.internal.", ".internal"],
    ["x.home.arpa", ".arpa"],
    ["nas.lan", ".lan"],
    ["db.corp", ".corp"],
    ["x.test", ".test"],
    ["x.invalid", ".invalid"],
    ["a..b", "full host name"],
    [".acme.dev", "full host name"],
  ])("https://%s/", (host, rule) => {
    const checked = check(`https://${host}/`);
    expect(checked.ok || checked.error).toContain(rule);
  });
});

describe("anything but a plain https URL is refused", () => {
  test.each([
    ["http://acme.dev/", "https"],
    ["ftp://acme.dev/", "https"],
    ["file:///etc/passwd", "whole URL"],
    ["javascript:alert(1)", "whole URL"],
    ["data:text/plain,x", "whole URL"],
    ["//acme.dev/", "whole URL"],
    ["acme.dev", "whole URL"],
    ["https:acme.dev", "whole URL"],
    ["https:///acme.dev", "whole URL"],
    ["https://", "whole URL"],
    ["https://acme.dev:8443/", "port 443"],
    ["https://acme.dev:22/", "port 443"],
    ["https://acme.dev:80/", "port 443"],
    ["https://acme.dev:99999/", "whole URL"],
    ["https://user:secret@acme.dev/", "user name"],
    ["https://user@acme.dev/", "user name"],
    ["https://@acme.dev/", "user name"],
    ["https://acme.dev@127.0.0.1/", "user name"],
    ["https://acme.dev\\@127.0.0.1/", "ASCII"],
    ["https://acme.dev/a b", "ASCII"],
    ["https://acme.dev/\n", "ASCII"],
    ["https://\u0031\u0032\u0037.0.0.\uff11/", "ASCII"],
    ["https://ac\u200bme.dev/", "ASCII"],
    ["https://acme\u3002dev/", "ASCII"],
    [`https://acme.dev/${"x".repeat(WEBHOOK_URL_CHARS_MAX)}`, "characters"],
  ])("%j", (url, rule) => {
    const checked = check(url);
    expect(checked.ok || checked.error).toContain(rule);
  });
});

describe("loopback, where it is allowed", () => {
  test.each(["http://127.0.0.1:4000/x", "http://localhost:4000/x", "https://localhost/x", "http://[::1]:9/"])(
    "%s is allowed then, and only then",
    (url) => {
      expect(check(url, true).ok).toBe(true);
      expect(check(url, false).ok).toBe(false);
    },
  );
  test.each(["http://10.0.0.1/", "http://acme.dev/", "ftp://localhost/", "http://u:p@localhost/", "https://0.0.0.0/"])(
    "%s is not, even then",
    (url) => expect(check(url, true).ok).toBe(false),
  );
});
