/**
 * What electron-builder makes for Windows, with a stand-in for Electron's program (tools/installer): everything that the configuration decides about
 * it. The program itself, and that Windows takes it, only Windows shows.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { getRawHeader } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json';
import { build, missingNsis } from '../../tools/installer/build.mjs';
import { archived, wrongFuses } from '../packed.js';

const missing = process.platform === 'linux' ? missingNsis() : 'it is made on Linux';
if (missing !== undefined) console.log(`The tests of the package for Windows are skipped: ${missing}.`);

const folder = path.join(os.tmpdir(), `hypernest-win-${String(process.pid)}`);
let unpacked = '';
let program: Buffer;
beforeAll(() => {
  if (missing !== undefined) return;
  unpacked = path.join(build(folder, 'dir'), 'win-unpacked');
  program = fs.readFileSync(path.join(unpacked, 'Hypernest.exe'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Of the version's texts, each a key, a zero, a filling up to four bytes, and a value. */
function versionText(key: string): string | undefined {
  const at = program.indexOf(Buffer.from(`${key}\0`, 'utf16le'));
  if (at < 0) return undefined;
  const rest = program.subarray(at + 2 * (key.length + 1), at + 600).toString('utf16le');
  return /^\0?([^\0]*)\0/.exec(rest)?.[1];
}

/** The images of an icon: an entry of 16 bytes each tells width, length and place. */
function imagesOf(icon: Buffer): readonly { readonly width: number; readonly bytes: Buffer }[] {
  return Array.from({ length: icon.readUInt16LE(4) }, (_, i) => {
    const at = 6 + 16 * i;
    const [length, from] = [icon.readUInt32LE(at + 8), icon.readUInt32LE(at + 12)];
    return { width: icon.readUInt8(at) || 256, bytes: icon.subarray(from, from + length) };
  });
}

describe.skipIf(missing !== undefined)('the package for Windows', () => {
  it('holds only what runs: no source, no test, no map', () => {
    const { files, foreign } = archived(path.join(unpacked, 'resources'));
    expect(foreign).toEqual([]);
    for (const needed of [
      '/out/main/main.js',
      '/out/preload/index.cjs',
      '/out/renderer/index.html',
      '/assets/tray-ready-dark.ico',
    ])
      expect(files).toContain(needed);
    for (const name of ['LICENSE.txt', 'THIRD-PARTY-NOTICES.txt']) expect(fs.readdirSync(unpacked)).toContain(name);
    expect(fs.readdirSync(path.join(unpacked, 'resources'))).toEqual(['app.asar']);
    expect(fs.readdirSync(path.join(unpacked, 'locales'))).toEqual(['en-US.pak', 'zh-CN.pak']);
  });

  it('has its fuses set, and the hash of its archive in the program', async () => {
    expect(await wrongFuses(path.join(unpacked, 'Hypernest.exe'))).toEqual([]);
    const { headerString } = getRawHeader(path.join(unpacked, 'resources', 'app.asar'));
    const value = createHash('sha256').update(headerString).digest('hex');
    const found = /\[\{"file":"resources[^\]]*\}\]/.exec(program.toString('latin1'))?.[0] ?? '[]';
    expect(JSON.parse(found)).toEqual([{ file: 'resources\\app.asar', alg: 'SHA256', value }]);
  });

  it('shows its icon in every size that Windows asks for', () => {
    const images = imagesOf(fs.readFileSync('assets/icon.ico'));
    expect(images.map(({ width }) => width).toSorted((a, b) => a - b)).toEqual([16, 20, 24, 32, 40, 48, 64, 128, 256]);
    expect(images.filter(({ bytes }) => !program.includes(bytes)).map(({ width }) => width)).toEqual([]);
  });

  it('says what it is, whose, and of which version, and never asks for elevation', () => {
    expect(
      ['ProductName', 'FileDescription', 'CompanyName', 'ProductVersion', 'LegalCopyright'].map(versionText),
    ).toEqual([
      'Hypernest',
      'Hypernest',
      manifest.author,
      expect.stringContaining(manifest.version),
      expect.stringContaining(manifest.author),
    ]);
    expect(program.includes('requestedExecutionLevel level="asInvoker"')).toBe(true);
  });
});
