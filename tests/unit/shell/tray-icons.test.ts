import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';

vi.mock('electron', () => ({}));
const { iconFiles } = await import('../../../src/shell/tray.js');

const states = ['ready', 'working', 'attention', 'no-access', 'no-hyper-v'] as const;
const looks = states.flatMap((state) => [true, false].map((isDark) => ({ state, isDark })));
/** Of a small icon at 100 to 250 %, in steps of 25, and twice that of the common ones. */
const sizes = [16, 20, 24, 28, 32, 36, 40, 48, 64];
const bytesOf = (file: string): Buffer => readFileSync(path.resolve('assets', file));

test.each(looks)('elsewhere there is a picture in every size: $state, dark: $isDark', ({ state, isDark }) => {
  const files = iconFiles(state, isDark, 'linux');
  if (typeof files === 'string') throw new Error(files);
  expect(files.map(({ size }) => size)).toEqual(sizes);
  for (const { size, file } of files) {
    const png = bytesOf(file);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)], file).toEqual([size, size]);
  }
});

test.each(looks)(
  'on Windows one file holds every size, each as it is drawn: $state, dark: $isDark',
  ({ state, isDark }) => {
    const file = iconFiles(state, isDark, 'win32');
    if (typeof file !== 'string') throw new Error('several');
    const ico = bytesOf(file);
    expect([ico.readUInt16LE(0), ico.readUInt16LE(2), ico.readUInt16LE(4)]).toEqual([0, 1, sizes.length]);
    const images = sizes.map((_, index) => {
      const entry = 6 + index * 16;
      const at = ico.readUInt32LE(entry + 12);
      const pixels = ico.subarray(at + 40, at + ico.readUInt32LE(entry + 8));
      return {
        size: ico[entry],
        bits: ico.readUInt16LE(at + 14),
        width: ico.readInt32LE(at + 4),
        isDrawn: pixels.some((byte) => byte !== 0),
      };
    });
    expect(images).toEqual(sizes.map((size) => ({ size, bits: 32, width: size, isDrawn: true })));
  },
);
