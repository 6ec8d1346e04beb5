import { describe, expect, it } from "vitest";
import { validateInput } from "../../../src/catalog/index.ts";
import { accepted, modelOf, refused } from "./given.ts";
import { jpegUri, pngUri } from "./images.ts";

const broken = (image: unknown, id = "v2.1-i2v-pro"): string | undefined => refused(id, { image })["image"];

describe("an image URL", () => {
  it.each(["https://a.example/x.jpg", "http://127.0.0.1:8788/x", "HTTPS://A.EXAMPLE/x?sig=%2F+"])(
    "%s is taken, unfetched",
    (url) => expect(broken(url)).toBeUndefined(),
  );
  it.each(["", "x.jpg", "ftp://a/x", "//a/x", "https://", "https://a b/", " https://a/x", "file:///x", "javascript:1"])(
    "%j is refused",
    (url) => expect(broken(url)).toContain("must be an http(s) URL"),
  );
  it("may have 8,192 characters", () => {
    const url = "https://a.example/".padEnd(8192, "x");
    expect(broken(url)).toBeUndefined();
    expect(broken(`${url}x`)).toContain("at most 8192 characters");
  });
  it("is not bare base64, and the refusal says what to put before it", () => {
    expect(broken("iVBORw0KGgoAAAANSUhEUgAAASw=")).toContain("data:image/png;base64,");
  });
  it.each([5, true, {}, ["https://a/x"]])("is text, not %j", (value) => {
    expect(broken(value)).toContain("must be an http(s) URL");
  });
});

describe("an image as a data URI", () => {
  it.each([
    ["PNG", pngUri(300, 300)],
    ["JPEG", jpegUri(300, 300)],
    ["JPEG labelled image/jpg", jpegUri(300, 300, { type: "image/jpg" })],
    ["upper case label", jpegUri(300, 300, { type: "IMAGE/JPEG" })],
    ["JPEG labelled PNG, both being allowed", jpegUri(300, 300, { type: "image/png" })],
    ["frame header after 100 kB of profiles", jpegUri(300, 300, { paddingBytes: 100_000 })],
    ["frame header after 900 kB of profiles", jpegUri(300, 300, { paddingBytes: 900_000 })],
  ])("is taken: %s", (_case, uri) => expect(broken(uri)).toBeUndefined());

  it.each([
    ["webp", pngUri(300, 300, 64, "image/webp"), /begins with/],
    ["no base64", "data:image/png,abc", /begins with/],
    ["parameters", "data:image/png;name=a;base64,AAAA", /begins with/],
    ["no type", "data:;base64,AAAA", /begins with/],
    ["empty", "data:image/png;base64,", /its bytes are not one/],
    ["other bytes", "data:image/png;base64,R0lGODlhAQABAAAAACw=", /its bytes are not one/],
    [
      "svg",
      `data:image/png;base64,${Buffer.from('<svg width="400" height="400"/>').toString("base64")}`,
      /its bytes are not one/,
    ],
    ["PNG cut off", pngUri(300, 300).slice(0, 22 + 16), /its bytes are not one/],
    ["JPEG cut off", "data:image/jpeg;base64,/9j/4AAQ", /its bytes are not one/],
    ["no frame header in the first MiB", jpegUri(300, 300, { paddingBytes: 2_000_000 }), /its bytes are not one/],
    ["unpadded", pngUri(300, 300).replace(/=+$/, ""), /standard, padded base64/],
    ["URL-safe alphabet", `${pngUri(300, 300, 63)}-_-_`, /standard, padded base64/],
    ["line break", `${pngUri(300, 300, 63)}AAA\n`, /standard, padded base64/],
    ["padding inside", "data:image/png;base64,A===", /standard, padded base64/],
    ["299 wide", pngUri(299, 300), /at least 300 x 300 pixels \(is 299 x 300\)/],
    ["299 high", jpegUri(300, 299), /at least 300 x 300 pixels \(is 300 x 299\)/],
    ["no size", pngUri(0, 0), /at least 300 x 300/],
  ])("is refused: %s", (_case, uri, rule) => expect(broken(uri)).toMatch(rule));

  it("may decode to 10 MiB, and not to a byte more", () => {
    const max = 10 * 1024 * 1024;
    expect(broken(pngUri(300, 300, max))).toBeUndefined();
    expect(broken(pngUri(300, 300, max + 1))).toBe(`must be an image of at most 10 MB (is ${max + 1} bytes)`);
  });

  it("is bound to an aspect ratio only where the page states one: 2.0 image-to-video, first frame", () => {
    expect(broken(pngUri(750, 300), "v2.0-i2v-master")).toBeUndefined();
    expect(broken(pngUri(300, 750), "v2.0-i2v-master")).toBeUndefined();
    expect(broken(pngUri(751, 300), "v2.0-i2v-master")).toContain("from 1:2.5 to 2.5:1 (is 751 x 300)");
    expect(broken(pngUri(300, 751), "v2.0-i2v-master")).toContain("from 1:2.5 to 2.5:1");
    expect(refused("v2.0-i2v-master", { end_image: pngUri(900, 300) })).toEqual({});
    for (const id of ["v2.1-i2v-pro", "v2.1-i2v-master", "v2.1-i2v-standard"]) {
      expect(broken(pngUri(3000, 300), id)).toBeUndefined();
    }
  });

  it("is checked in end_image too, which may be left empty", () => {
    expect(refused("v2.0-i2v-master", { end_image: pngUri(299, 300) })["end_image"]).toContain("300 x 300");
    expect(accepted("v2.0-i2v-master", { end_image: "" })).not.toHaveProperty("end_image");
    expect(accepted("v2.0-i2v-master", { end_image: null })).not.toHaveProperty("end_image");
  });
});

it("no crafted 10 MB image takes long: the header search is bounded", () => {
  const bytes = Buffer.alloc(10 * 1024 * 1024);
  bytes.set([0xff, 0xd8, 0xff, 0xe0]); // segments of length 0: image-size moves on byte by byte
  const image = `data:image/jpeg;base64,${bytes.toString("base64")}`;
  const started = performance.now();
  const result = validateInput(modelOf("v2.1-i2v-pro"), { prompt: "p", image });
  expect(result.ok).toBe(false);
  expect(performance.now() - started).toBeLessThan(2000);
});
