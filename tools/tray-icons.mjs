// node tools/tray-icons.mjs   Packs the tray's pictures into one .ico a state and theme: Windows takes the tray's icon by size from
// such a file only, and scales any other. png-to-ico writes bitmaps, which every version of Windows loads at every size.
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pngToIco from 'png-to-ico';
import { root } from './setup.mjs';

const assets = path.join(root, 'assets');
const pictures = readdirSync(assets).flatMap((file) => {
  const [, name, size] = /^(tray-.+)-(\d+)\.png$/.exec(file) ?? [];
  return name ? [{ name, size: Number(size), file: path.join(assets, file) }] : [];
});
for (const [name, all] of Map.groupBy(pictures, (picture) => picture.name)) {
  const files = all.toSorted((a, b) => a.size - b.size).map(({ file }) => file);
  writeFileSync(path.join(assets, `${name}.ico`), await pngToIco(files));
}
