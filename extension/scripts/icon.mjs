// Draws the icon as PNG: a key whose bow is a globe's circle, on a rounded square. No binary lives in the repository.
import { deflateSync } from "node:zlib";

const GROUND = [22, 96, 79];
const KEY = [255, 255, 255];

export function icon(size) {
  const raw = Buffer.alloc(size * (size * 4 + 1));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = y * (size * 4 + 1) + 1 + x * 4;
      raw.set(pixel((x + 0.5) / size, (y + 0.5) / size, 1 / size), at);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(raw)), chunk("IEND", Buffer.alloc(0))]);
}

/** The colour of a point of the unit square; shapes are signed distances, softened over one pixel. */
function pixel(x, y, step) {
  const cover = (distance) => Math.min(1, Math.max(0, 0.5 - distance / step));
  const ground = cover(roundedBox(x - 0.5, y - 0.5, 0.5, 0.24));
  const ring = Math.abs(Math.hypot(x - 0.36, y - 0.5) - 0.15) - 0.052;
  const stem = roundedBox(x - 0.68, y - 0.5, 0.17, 0.045, 0.052);
  const near = roundedBox(x - 0.67, y - 0.58, 0.042, 0.03, 0.09);
  const far = roundedBox(x - 0.8, y - 0.58, 0.042, 0.03, 0.09);
  const key = cover(Math.min(ring, stem, near, far));
  const colour = GROUND.map((each, at) => Math.round(each * (1 - key) + KEY[at] * key));
  return [...colour, Math.round(ground * 255)];
}

function roundedBox(x, y, halfWidth, radius, halfHeight = halfWidth) {
  const dx = Math.abs(x) - halfWidth + radius;
  const dy = Math.abs(y) - halfHeight + radius;
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
