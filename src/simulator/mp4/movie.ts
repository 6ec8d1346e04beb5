import { box, fullBox, text, u16, u32, zeros } from "./boxes.ts";
import { CONSTRAINTS, LEVEL, PROFILE_BASELINE } from "./h264.ts";

/** A video-only movie whose samples all last equally long and lie in one chunk. */
export interface Movie {
  width: number;
  height: number;
  framesPerSecond: number;
  sequence: Uint8Array;
  picture: Uint8Array;
  /** Bytes of each sample, in order. */
  sampleSizes: readonly number[];
  /** Sample numbers of the key frames, from 1. */
  keyFrames: readonly number[];
}

/** Ticks a second of every clock in the file. */
const TIMESCALE = 1000;
/** Rows of the unity transform, 16.16 and 2.30 fixed point. */
const MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].flatMap(u32);

/** The `moov` box. `firstSample`: offset of the first sample from the start of the file. */
export function movieBox(movie: Movie, firstSample: number): Uint8Array {
  const ticks = (movie.sampleSizes.length * TIMESCALE) / movie.framesPerSecond;
  return box("moov", movieHeader(ticks), box("trak", trackHeader(movie, ticks), mediaBox(movie, ticks, firstSample)));
}

const movieHeader = (ticks: number): Uint8Array =>
  fullBox(
    "mvhd",
    0,
    zeros(8),
    u32(TIMESCALE),
    u32(ticks),
    u32(0x10000),
    u16(0x100),
    zeros(10),
    MATRIX,
    zeros(24),
    u32(2),
  );

function trackHeader(movie: Movie, ticks: number): Uint8Array {
  const enabledAndInMovie = 3;
  return fullBox(
    "tkhd",
    enabledAndInMovie,
    zeros(8),
    u32(1),
    zeros(4),
    u32(ticks),
    zeros(16),
    MATRIX,
    u32(movie.width << 16),
    u32(movie.height << 16),
  );
}

function mediaBox(movie: Movie, ticks: number, firstSample: number): Uint8Array {
  const undetermined = 0x55c4;
  const sameFile = 1;
  const header = fullBox("mdhd", 0, zeros(8), u32(TIMESCALE), u32(ticks), u16(undetermined), u16(0));
  const handler = fullBox("hdlr", 0, zeros(4), text("vide"), zeros(12), text("video\0"));
  const data = box("dinf", fullBox("dref", 0, u32(1), fullBox("url ", sameFile)));
  const info = box("minf", fullBox("vmhd", 1, zeros(8)), data, sampleTable(movie, firstSample));
  return box("mdia", header, handler, info);
}

function sampleTable(movie: Movie, firstSample: number): Uint8Array {
  const count = movie.sampleSizes.length;
  return box(
    "stbl",
    fullBox("stsd", 0, u32(1), sampleEntry(movie)),
    fullBox("stts", 0, u32(1), u32(count), u32(TIMESCALE / movie.framesPerSecond)),
    fullBox("stss", 0, u32(movie.keyFrames.length), movie.keyFrames.flatMap(u32)),
    fullBox("stsc", 0, u32(1), u32(1), u32(count), u32(1)),
    fullBox("stsz", 0, u32(0), u32(count), movie.sampleSizes.flatMap(u32)),
    fullBox("stco", 0, u32(1), u32(firstSample)),
  );
}

function sampleEntry(movie: Movie): Uint8Array {
  const dotsPerInch = u32(72 << 16);
  const configuration = box(
    "avcC",
    [1, PROFILE_BASELINE, CONSTRAINTS, LEVEL],
    // Four-byte lengths before units; one sequence set, one picture set.
    [0xff, 0xe1],
    u16(movie.sequence.length),
    movie.sequence,
    [1],
    u16(movie.picture.length),
    movie.picture,
  );
  return box(
    "avc1",
    zeros(6),
    u16(1),
    zeros(16),
    u16(movie.width),
    u16(movie.height),
    dotsPerInch,
    dotsPerInch,
    zeros(4),
    u16(1),
    zeros(32),
    u16(24),
    u16(0xffff),
    configuration,
  );
}
