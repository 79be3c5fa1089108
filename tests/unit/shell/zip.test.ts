import { crc32, inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { zipOf } from '../../../src/shell/zip.js';

/** As a reader of archives goes: from the end to the directory, and from there to each file. */
function unzipped(zip: Buffer): readonly { readonly name: string; readonly text: string }[] {
  const end = zip.length - 22;
  expect(zip.readUInt32LE(end)).toBe(0x06054b50);
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    expect(zip.readUInt32LE(at)).toBe(0x02014b50);
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    expect(zip.readUInt32LE(local)).toBe(0x04034b50);
    expect(zip.subarray(local + 4, local + 30)).toEqual(zip.subarray(at + 6, at + 32));
    const from = local + 30 + nameLength + zip.readUInt16LE(local + 28);
    const content = inflateRawSync(zip.subarray(from, from + zip.readUInt32LE(at + 20)));
    expect(content.length).toBe(zip.readUInt32LE(at + 24));
    expect(crc32(content)).toBe(zip.readUInt32LE(at + 16));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    return { name, text: content.toString('utf8') };
  });
}

test('what was put in comes out, names and texts in any script', () => {
  const files = [
    { name: 'report.json', text: '{"嵌套": true}' },
    { name: '日志.log', text: 'x'.repeat(200_000) },
    { name: 'empty', text: '' },
  ];
  const zip = zipOf(files, new Date(2026, 10, 24, 9, 30, 20));
  expect(unzipped(zip)).toEqual(files);
  expect(zip.length).toBeLessThan(2000);
});

test('it bears the time at which it was made', () => {
  const zip = zipOf([{ name: 'a', text: 'a' }], new Date(2026, 10, 24, 9, 30, 20));
  expect(zip.readUInt16LE(10)).toBe((9 << 11) | (30 << 5) | 10);
  expect(zip.readUInt16LE(12)).toBe((46 << 9) | (11 << 5) | 24);
});
