/** The first bytes of images of any claimed size: enough for whatever looks at headers only. */

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** PNG signature and IHDR chunk, padded with zeros to `byteLength`. */
export function pngUri(width: number, height: number, byteLength = 64, type = "image/png"): string {
  const bytes = Buffer.alloc(byteLength);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  bytes.writeUInt32BE(13, 8);
  bytes.write("IHDR", 12, "latin1");
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return `data:${type};base64,${base64(bytes)}`;
}

/** JPEG: start, application segments of `paddingBytes` in all, then a frame header. */
export function jpegUri(
  width: number,
  height: number,
  { paddingBytes = 0, type = "image/jpeg" }: { paddingBytes?: number; type?: string } = {},
): string {
  const parts = [Buffer.from([0xff, 0xd8]), segment(0xe0, Buffer.alloc(14))];
  for (let left = paddingBytes; left > 0; left -= 60_000) {
    parts.push(segment(0xe2, Buffer.alloc(Math.min(left, 60_000))));
  }
  const frame = Buffer.alloc(15);
  frame[0] = 8;
  frame.writeUInt16BE(height, 1);
  frame.writeUInt16BE(width, 3);
  parts.push(segment(0xc0, frame), Buffer.from([0xff, 0xd9]));
  return `data:${type};base64,${base64(Buffer.concat(parts))}`;
}

function segment(marker: number, payload: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([head, payload]);
}
