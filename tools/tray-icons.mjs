// node tools/tray-icons.mjs   Packs the tray's pictures into one .ico a state and theme: Windows takes the tray's icon by size from
// such a file only, and scales any other. As bitmaps, not PNGs: every version of Windows loads those at every size.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { root } from './setup.mjs';

const assets = path.join(root, 'assets');
const pictures = readdirSync(assets).flatMap((file) => {
  const [, name, size] = /^(tray-.+)-(\d+)\.png$/.exec(file) ?? [];
  return name ? [{ name, size: Number(size), file }] : [];
});
for (const [name, all] of Map.groupBy(pictures, (picture) => picture.name)) {
  const images = all
    .toSorted((a, b) => a.size - b.size)
    .map(({ file, size }) => ({ size, data: bitmapOf(pixelsOf(readFileSync(path.join(assets, file)), size), size) }));
  writeFileSync(path.join(assets, `${name}.ico`), icoOf(images));
}

/** The rows of a PNG of 8-bit RGBA that is not interlaced. */
function pixelsOf(png, size) {
  if (png[24] !== 8 || png[25] !== 6 || png[28] !== 0) throw new Error('not 8-bit RGBA, or interlaced');
  const parts = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const raw = inflateSync(Buffer.concat(parts));
  const width = size * 4;
  const pixels = Buffer.alloc(width * size);
  for (let y = 0; y < size; y++) {
    const filter = raw[y * (width + 1)];
    for (let x = 0; x < width; x++) {
      const left = x >= 4 ? pixels[y * width + x - 4] : 0;
      const up = y > 0 ? pixels[(y - 1) * width + x] : 0;
      const corner = x >= 4 && y > 0 ? pixels[(y - 1) * width + x - 4] : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      pixels[y * width + x] = raw[y * (width + 1) + 1 + x] + guess;
    }
  }
  return pixels;
}

function paeth(left, up, corner) {
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(left + up - corner - value));
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** As an icon holds it: from below, blue first, and a mask behind, which says nothing where there is an alpha channel. */
function bitmapOf(pixels, size) {
  const mask = Buffer.alloc(Math.ceil(size / 32) * 4 * size);
  const head = Buffer.alloc(40);
  head.writeUInt32LE(40, 0);
  head.writeInt32LE(size, 4);
  head.writeInt32LE(size * 2, 8); // with the mask
  head.writeUInt16LE(1, 12);
  head.writeUInt16LE(32, 14);
  head.writeUInt32LE(pixels.length + mask.length, 20);
  const rows = Buffer.alloc(pixels.length);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const from = (y * size + x) * 4;
      const [red, green, blue, alpha] = pixels.subarray(from, from + 4);
      rows.set([blue, green, red, alpha], ((size - 1 - y) * size + x) * 4);
    }
  return Buffer.concat([head, rows, mask]);
}

function icoOf(images) {
  const head = Buffer.alloc(6 + images.length * 16);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let at = head.length;
  for (const [index, { size, data }] of images.entries()) {
    const entry = 6 + index * 16;
    head[entry] = size;
    head[entry + 1] = size;
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(data.length, entry + 8);
    head.writeUInt32LE(at, entry + 12);
    at += data.length;
  }
  return Buffer.concat([head, ...images.map(({ data }) => data)]);
}
