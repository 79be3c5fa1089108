import { expect, test } from 'vitest';
import { zipOf } from '../../../src/shell/zip.js';
import { unzipped } from '../../unzip.js';

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
