import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileNameFor, folderOfPath, inFolder, isDiskPath, isSamePath, meantPath, problemOfPath } from '../../../src/core/machine/paths.js'; // prettier-ignore

describe('a path of Windows', () => {
  it.each([
    'C:\\a.vhdx',
    'z:\\',
    'D:\\VMs\\构建机 (2)\\it’s.vhdx',
    '\\\\server\\share',
    '\\\\server\\share\\a b.iso',
    'C:\\conditions\\com\\nul0',
  ])('is taken: %s', (one) => expect(problemOfPath(one)).toBeUndefined());

  it.each([
    ['', 'not-whole'],
    ['a.vhdx', 'not-whole'],
    ['\\a.vhdx', 'not-whole'],
    ['C:a.vhdx', 'not-whole'],
    ['C:', 'not-whole'],
    ['\\\\server', 'not-whole'],
    ['\\\\.\\PhysicalDrive0', 'not-whole'],
    ['\\\\.\\pipe\\x', 'not-whole'],
    ['\\\\?\\C:\\a.vhdx', 'not-whole'],
    ['\\\\?\\GLOBALROOT\\Device\\x', 'not-whole'],
    ['\\??\\C:\\a', 'not-whole'],
    ['/tmp/a', 'not-whole'],
    ['C:\\a?.vhdx', 'character'],
    ['C:\\a.vhdx:stream', 'character'],
    ['C:\\a\nb', 'character'],
    ['C:\\a\\..\\b', 'name'],
    ['C:\\.\\b', 'name'],
    ['C:\\a \\b', 'name'],
    ['C:\\CON', 'name'],
    ['C:\\nul .txt', 'name'],
    ['C:\\com¹.vhdx', 'name'],
    ['\\\\server\\share\\LPT9.iso', 'name'],
    [`C:\\${'a'.repeat(257)}`, 'too-long'],
  ])('is refused: %j, %s', (one, problem) => expect(problemOfPath(one)).toBe(problem));

  it('is meant without what comes with it', () => {
    expect(meantPath(' "C:/VMs//a b.vhdx" ')).toBe('C:\\VMs\\a b.vhdx');
    expect(meantPath('//server//share/x')).toBe('\\\\server\\share\\x');
    expect(meantPath('C:\\a\\b')).toBe('C:\\a\\b');
  });

  it('is taken apart and put together as Windows does it', () => {
    for (const one of ['C:\\a.vhdx', 'C:\\b\\a.vhdx', '\\\\s\\t\\u\\a.vhdx']) {
      expect(folderOfPath(one)).toBe(path.win32.dirname(one));
      expect(inFolder(folderOfPath(one), 'a.vhdx')).toBe(one);
    }
    expect(isSamePath('C:\\A', 'c:\\a')).toBe(true);
    expect(['C:\\a.VHDX', 'C:\\.vhdx', 'C:\\a.vhd', 'C:\\a.avhdx'].map(isDiskPath)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('a name of a file, from that of a VM', () => {
  it.each([
    ['dev-box', 'dev-box'],
    ['构建机', '构建机'],
    ['win11 $(nested)', 'win11 $(nested)'],
    ['a/b\\c:d*?"<>|', 'a_b_c_d______'],
    [' . ', 'VM'],
    ['', 'VM'],
    ['///', 'VM'],
    ['con', '_con'],
    ['NUL.txt', '_NUL.txt'],
    ['name. .', 'name'],
    ['\u202Eright to left\u202C', '_right to left_'],
    ['..\\..\\x', '.._.._x'],
  ])('%j: %j', (name, wanted) => expect(fileNameFor(name)).toBe(wanted));

  it('is one that Windows takes, whatever the VM is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        const file = fileNameFor(name);
        expect(problemOfPath(`C:\\VMs\\${file}.vhdx`)).toBeUndefined();
        expect(problemOfPath(`C:\\VMs\\${file}`)).toBeUndefined();
        expect(path.win32.basename(`C:\\VMs\\${file}`)).toBe(file);
        // No half of a character.
        expect(file).not.toMatch(/\p{Cs}/u);
        expect(file.length).toBeLessThanOrEqual(81);
      }),
      { numRuns: 2000 },
    );
  });
});
