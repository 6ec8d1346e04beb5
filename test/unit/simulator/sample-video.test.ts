import { describe, expect, it } from "vitest";
import { keyFrame } from "../../../src/simulator/mp4/h264.ts";
import { type Aspect, sampleVideo } from "../../../src/simulator/mp4/sample-video.ts";

/** Length and content of the boxes along a path, read anew from the bytes. */
function find(bytes: Uint8Array, ...path: string[]): Uint8Array {
  const [type, ...rest] = path;
  if (type === undefined) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length;) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (name === type) return find(bytes.subarray(at + 8, at + length), ...rest);
    at += length;
  }
  throw new Error(`no box ${type}`);
}

const u32 = (bytes: Uint8Array, at: number): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
const TABLE = ["moov", "trak", "mdia", "minf", "stbl"];

const SIZES: [Aspect, number, number][] = [
  ["16:9", 256, 144],
  ["9:16", 144, 256],
  ["1:1", 192, 192],
];

describe("sampleVideo", () => {
  it.each(SIZES)("of %s is %i x %i and lasts as long as asked", (aspect, width, height) => {
    for (const seconds of [5, 10]) {
      const video = sampleVideo(seconds, aspect);
      const header = find(video, "moov", "mvhd");
      expect(u32(header, 16) / u32(header, 12)).toBe(seconds);
      const track = find(video, "moov", "trak", "tkhd");
      expect([u32(track, 76) >>> 16, u32(track, 80) >>> 16]).toEqual([width, height]);
      expect(video.length).toBeLessThan(8_000);
    }
  });

  it("has samples that fill the media data exactly, each of whole units", () => {
    const video = sampleVideo(5, "16:9");
    const sizes = find(video, ...TABLE, "stsz");
    const count = u32(sizes, 8);
    let at = u32(find(video, ...TABLE, "stco"), 8);
    expect(at).toBe(video.length - find(video, "mdat").length);
    for (let sample = 0; sample < count; sample += 1) {
      const size = u32(sizes, 12 + 4 * sample);
      expect(u32(video, at)).toBe(size - 4);
      // Each second starts with a key frame (unit type 5), the rest repeat it (type 1).
      expect((video[at + 4] ?? 0) & 31).toBe(sample % 5 === 0 ? 5 : 1);
      at += size;
    }
    expect([count, at]).toEqual([25, video.length]);
  });

  it("escapes what would read as a start code, even in a black key frame", () => {
    const frame = keyFrame({ columns: 2, rows: 2 }, { y: 0, cb: 0, cr: 0 }, 0);
    const codes = frame.findIndex((byte, at) => byte === 0 && frame[at + 1] === 0 && (frame[at + 2] ?? 9) < 3);
    expect(codes).toBe(-1);
    // Half of the 384 zero samples again: one escape after every two.
    expect(frame.length).toBeGreaterThan(384 + 190);
  });

  it("refuses a length that is not a whole number of seconds from 1 to 60", () => {
    for (const seconds of [0, 61, 2.5, Number.NaN]) expect(() => sampleVideo(seconds, "1:1")).toThrow(RangeError);
  });
});
