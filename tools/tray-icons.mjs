// node tools/tray-icons.mjs   Packs the app's pictures into icon.ico, and the tray's into one .ico a state and theme: Windows takes the tray's icon by size from
// such a file only, and scales any other. png-to-ico writes bitmaps, which every version of Windows loads at every size.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pngToIco from 'png-to-ico';
import { root } from './setup.mjs';

const assets = path.join(root, 'assets');
const pictures = readdirSync(assets).flatMap((file) => {
  const [, name, size] = /^(app|tray-.+)-(\d+)\.png$/.exec(file) ?? [];
  return name ? [{ name, size: Number(size), file: path.join(assets, file) }] : [];
});
/** Adds the one of 256 pixels as it is: as a bitmap it would be larger than all others together. */
function withLargest(icon, picture) {
  const count = icon.readUInt16LE(4);
  const head = 6 + 16 * count;
  const entry = Buffer.alloc(16);
  entry.writeUInt16LE(1, 4); // planes
  entry.writeUInt16LE(32, 6); // bits a pixel
  entry.writeUInt32LE(picture.length, 8);
  entry.writeUInt32LE(icon.length + 16, 12);
  const all = Buffer.concat([icon.subarray(0, head), entry, icon.subarray(head), picture]);
  all.writeUInt16LE(count + 1, 4);
  for (let at = 6 + 12; at < head; at += 16) all.writeUInt32LE(all.readUInt32LE(at) + 16, at);
  return all;
}

for (const [name, all] of Map.groupBy(pictures, (picture) => picture.name)) {
  const sorted = all.toSorted((a, b) => a.size - b.size);
  const icon = await pngToIco(sorted.filter(({ size }) => size < 256).map(({ file }) => file));
  const largest = sorted.find(({ size }) => size === 256);
  const file = path.join(assets, name === 'app' ? 'icon.ico' : `${name}.ico`);
  writeFileSync(file, largest ? withLargest(icon, readFileSync(largest.file)) : icon);
}
