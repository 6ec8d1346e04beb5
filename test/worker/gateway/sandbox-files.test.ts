import { expect, test } from "vitest";
import { call, envelope, newTenant } from "./api.ts";

const PAGE = "<script>document.title = 'ran'</script>";

test("a file that a sandbox key uploaded never runs as a page of the gateway's own origin", async () => {
  const { key } = await newTenant(null, "test");
  const ticket = { filename: "page.html", size: PAGE.length, content_type: "text/html" };
  const { data } = await envelope(await call(key, "POST", "/api/v3/media/uploads", ticket));
  const upload = data["upload"] as { url: string; headers: Record<string, string> };
  const put = await call(null, "PUT", new URL(upload.url).pathname, PAGE, upload.headers);
  expect(put.status).toBeLessThan(300);
  const file = await call(null, "GET", new URL(String(data["download_url"])).pathname);
  expect(await file.text()).toBe(PAGE);
  expect(file.headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
  expect(file.headers.get("x-content-type-options")).toBe("nosniff");
});
