import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import errorFacts from '../../../simulator/facts/errors.json' with { type: 'json' };
import type { Check, CheckId } from '../../../src/core/checks/check.js';
import { codesIn, fineOf, recognise } from '../../../src/core/errors/recognize.js';
import { topics } from '../../../src/core/errors/topics.js';

const first = (text: string): string | undefined => recognise(text)[0]?.topic.id;

describe('what people paste is recognised', () => {
  it.each([
    ['WslRegisterDistribution failed with error: 0x80370102', 'nesting-off'],
    [
      'Please enable the Virtual Machine Platform Windows feature and ensure virtualization is enabled in the BIOS.',
      'nesting-off',
    ],
    [
      "'X' failed to start.\nFailed to start the virtual machine 'X' because one of the Hyper-V\ncomponents is not running.",
      'component',
    ],
    [
      'The virtual machine could not be started because this platform does not support nested virtualization. 0x80004005',
      'platform',
    ],
    ['0x80004005', 'platform'],
    [
      "Failed to modify device 'Processor'. Cannot modify property without enabling VirtualizationBasedSecurityOptOut.",
      'preview',
    ],
    ['Hyper-V cannot be installed because virtualization support is not enabled in the BIOS.', 'role-gate'],
    ['Hyper-V cannot be installed: A hypervisor is already running.', 'role-gate'],
    ['wsl: Nested virtualization is not supported on this machine.', 'wsl'],
    ['NO: Virtualization Based Security is running', 'old-script'],
    ['.\\Get-NestedVirtStatus.ps1 : NO (AMD)', 'old-script'],
    ['New-NetNat : The parameter is incorrect.', 'nat'],
    ['FullyQualifiedErrorId : Windows System Error 87,New-NetNat', 'nat'],
    ['FullyQualifiedErrorId : Windows System Error 87,New-NetIPAddress', 'address'],
    ['Instance MSFT_NetIPAddress already exists', 'address'],
    ['New-NetNat : Invalid class', 'nat-service'],
    ['FullyQualifiedErrorId : HRESULT 0x80041010,New-NetNat', 'nat-service'],
    ['Docker Desktop - Virtualization support not detected', 'docker'],
    ['Les informations d’identification… : The credential is invalid.', 'account'],
  ])('%s', (text, id) => expect(first(text)).toBe(id));

  it.each([
    ['-2143878910', 'nesting-off'],
    ['2151088386', 'nesting-off'],
    ['80370102', 'nesting-off'],
    ['0X80370102.', 'nesting-off'],
    ['错误: 5010', 'address'],
    ['5010', 'address'],
    ['Error 740', 'elevation'],
    ["The operation failed with error code '32775'.", 'state'],
    ['0x80370102L', 'nesting-off'],
    ['80370102h', 'nesting-off'],
    ['failed with 0x8037 0102.', 'nesting-off'],
    ['０ｘ８０３７０１０２', 'nesting-off'],
    ['0xFFFFFFFF80370102', 'nesting-off'],
    ['0x00000000`80370102', 'nesting-off'],
    ['{"Error":-2143878892}', 'platform-missing'],
    ['C0351000', 'component'],
    ['0xD0351000', 'component'],
    ['-1070264320', 'component'],
    ['[WinError 10013]', 'ports'],
    ['ReturnValue : 32774', 'in-use'],
  ])('by the code alone, however it is written: %s', (text, id) => expect(first(text)).toBe(id));

  it('is not misled by curly quotes, case or the line breaks of a console', () => {
    expect(first('THE TERM ‘Get-VM’ is not\r\n   recognized as the name of a cmdlet')).toBe('module');
  });

  it('shows what it was recognised by, as it is written there', () => {
    expect(recognise('Failed: 0x8007000e (…)')[0]?.by).toBe('0x8007000e');
    expect(recognise('Wsl: Nested  Virtualization is not supported on this machine')[0]?.by).toBe(
      'Nested Virtualization is not supported on this machine',
    );
  });
});

describe('in any language of Windows', () => {
  it.each([
    ['L’opération a échoué. Wsl/Service/CreateVm/HCS/HCS_E_HYPERV_NOT_INSTALLED', 'nesting-off'],
    ['https://aka.ms/enablevirtualization を参照してください', 'nesting-off'],
    ['错误代码: Wsl/Service/CreateVm/HCS_E_SERVICE_NOT_AVAILABLE', 'platform-missing'],
    ['Fehlercode: …/HCS_E_ACCESS_DENIED', 'rights'],
    ['    + FullyQualifiedErrorId : ObjectInUse,Microsoft.HyperV.PowerShell.Commands.SetVMProcessor', 'in-use'],
    ['Get-VM : …\n    + CategoryInfo : ObjectNotFound: (Get-VM:String) [], CommandNotFoundException', 'module'],
    ['此平台不支持虚拟化的 Intel VT-x/EPT。', 'vmware'],
  ])('%s: %s', (text, id) => expect(recognise(text)[0]).toMatchObject({ topic: { id }, sure: 'certain' }));

  it('no sentence of another language is kept', () => {
    const signs = topics
      .flatMap(({ marks, shared = [] }) => [...marks, ...shared])
      .flatMap((mark) => (typeof mark === 'object' ? mark.sign : mark))
      .filter((sign) => typeof sign === 'string');
    expect(signs.length).toBeGreaterThan(150);
    expect(signs.filter((sign) => /[^\p{ASCII}…]/u.test(sign))).toEqual([]);
    expect(signs.filter((sign) => sign !== sign.toLowerCase())).toEqual([]);
  });
});

describe('a code that stands for much', () => {
  const shown = (text: string, checks: readonly Check[] = []) =>
    recognise(text, fineOf(checks)).map(({ topic, sure }) => `${topic.id} ${sure}`);

  it.each<[string, readonly string[]]>([
    ['0x80070005', ['disk-access possible', 'rights possible']],
    ["Account does not have permission to open attachment 'D:\\a.vhdx' (0x80070005)", ['disk-access certain']],
    ['0x80070490', ['switch-bind possible', 'adapter-late possible', 'service possible']],
    ['New-VMSwitch : … (0x80070490)', ['switch-bind certain']],
    ['The key protector could not be unwrapped. (0x80070057)', ['tpm certain']],
    ['VBoxManage.exe: error: Details: code E_FAIL (0x80004005)', ['virtualbox possible']],
    [
      "Failed to modify device 'Processor'.\nCannot assign the specified number of threads per core.",
      ['value certain'],
    ],
  ])('%s', (text, ids) => expect(shown(text)).toEqual(ids));

  it('each of them says what tells it apart', () => {
    for (const { id, shared, tell } of topics) expect(tell !== undefined, id).toBe(shared !== undefined);
  });

  const fine = (...ids: readonly CheckId[]): readonly Check[] =>
    ids.map((id) => ({
      id,
      verdict: 'ok',
      title: { key: 'errors.kicker' },
      why: { key: 'errors.kicker' },
      evidence: [],
    }));

  it('is lowered by what was read of this PC, and so is a sentence, which may be of another PC', () => {
    expect(shown('0x80004005', fine('architecture', 'processor', 'windows', 'hypervisor-below'))).toEqual([
      'virtualbox possible',
      'platform possible',
    ]);
    const refused = 'You do not have the required permission to complete this task.';
    expect(shown(refused)).toEqual(['rights certain']);
    expect(shown(refused, fine('rights'))).toEqual(['rights possible']);
    expect(recognise(refused, fineOf(fine('rights')))[0]?.isRefuted).toBe(true);
    // All of them: one alone says little.
    expect(shown('0x80004005', fine('processor'))[0]).toBe('platform possible');
  });
});

/** As a console of that width writes it: broken wherever the line is full, indented, in red, behind the bar of PowerShell 7. */
function asConsole(
  text: string,
  { width, indent, bar, colour }: { width: number; indent: number; bar: boolean; colour: boolean },
): string {
  const margin = `${' '.repeat(indent)}${bar ? '| ' : ''}`;
  const lines = Array.from({ length: Math.ceil(text.length / width) }, (_, at) =>
    text.slice(at * width, (at + 1) * width),
  );
  return lines.map((line) => `${margin}${colour ? `\u001b[31;1m${line}\u001b[0m` : line}`).join('\r\n');
}

/** Of what Windows PowerShell writes, what is recognised as one line. */
const knownTexts = errorFacts.errors
  .map(({ message }) => message)
  .flatMap((text) => (text ? [text.replace(/\s+/g, ' ')] : []))
  .filter((text) => recognise(text)[0]?.sure === 'certain');

describe('a whole console is recognised', () => {
  it('however it is wrapped, indented and coloured, and whatever stands around it', () => {
    expect(knownTexts.length).toBeGreaterThan(25);
    fc.assert(
      fc.property(
        fc.constantFrom(...knownTexts),
        fc.record({
          width: fc.integer({ min: 12, max: 120 }),
          indent: fc.integer({ min: 0, max: 8 }),
          bar: fc.boolean(),
          colour: fc.boolean(),
        }),
        fc.constantFrom('', 'PS C:\\> wsl --install\r\n', 'Line |\n   1 |  Start-VM lab\n     |  ~~~~~~~~~~~~\n'),
        (text, how, before) => {
          const ids = recognise(before + asConsole(text, how)).map(({ topic }) => topic.id);
          expect(ids).toContain(recognise(text)[0]?.topic.id);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('a code that the width has broken in two', () => {
    expect(first('WslRegisterDistribution failed with error: 0x8037\n0102')).toBe('nesting-off');
    expect(codesIn('failed: 0x8037\r\n  0102').map(({ written }) => written)).toEqual(['0x80370102']);
    // Two numbers that stand one above the other are two.
    expect(codesIn('error 50\n10 of 12').map(({ written }) => written)).toEqual(['50']);
  });

  it('of several errors the first decides: it is why the rest failed', () => {
    const record = (sentence: string, id: string) => `${sentence}\n    + FullyQualifiedErrorId : ${id}\n`;
    const store = record(
      'Failed to access configuration store: …',
      'ObjectNotFound,Microsoft.HyperV.PowerShell.Commands.NewVM',
    );
    const after = record('', 'ObjectNotFound,Microsoft.HyperV.PowerShell.Commands.GetVMSnapshot');
    expect(recognise(store + after).map(({ topic }) => topic.id)).toEqual(['vm-folder']);
    const blocked = record('', 'UnauthorizedAccess,Microsoft.PowerShell.Commands.ImportModuleCommand SecurityError');
    expect(first(blocked + store)).toBe('script-policy');
    // A program looks whether the VM is there before it makes one.
    const looked = record('', 'InvalidParameter,Microsoft.HyperV.PowerShell.Commands.GetVM');
    const memory = record('', 'OutOfMemory,Microsoft.HyperV.PowerShell.Commands.StartVM');
    expect(recognise(looked + memory)).toMatchObject([{ topic: { id: 'memory' }, sure: 'certain' }]);
    expect(recognise(looked + after)).toMatchObject([{ topic: { id: 'not-found' }, sure: 'certain' }]);
    // Where one is not known, it may be the one that counts.
    expect(recognise(looked + record('What?', 'Unspecified'))).toMatchObject([
      { topic: { id: 'not-found' }, sure: 'possible' },
    ]);
    // An id that the width of the console has broken in two.
    const broken = 'Commands.\n   SetVMMemory\n';
    expect(first(record('', `InvalidState,Microsoft.HyperV.PowerShell.${broken}`) + after)).toBe('memory-running');
  });

  it('the line ends that a remote shell writes out', () => {
    expect(first('<S S="Error">Failed to start the virtual machine \'X\' because one of the Hyper-V_x000D__x000A_components is not running._x000D__x000A_</S>')).toBe('component'); // prettier-ignore
  });

  it('behind emoji, each of which is two characters to a program', () => {
    expect(first(`${'🎉'.repeat(80)}\nHyper-V cannot be installed: A hypervisor is\nalready running.`)).toBe(
      'role-gate',
    );
  });

  it('at both ends of a very long paste, in a time that does not grow with its square', () => {
    const noise = `${'Error 1 of 99 in line 0x12; '.repeat(40_000)}\n`;
    expect(noise.length).toBeGreaterThan(1_000_000);
    expect(first(`0x80370102\n${noise}`)).toBe('nesting-off');
    expect(first(`${noise}0x80370102`)).toBe('nesting-off');
    expect(recognise(`${noise}0x80370102${noise}`)).toEqual([]);
  });

  it('what it was recognised by is never longer than can be shown', () => {
    const text = `An error has occurred which ${'x'.repeat(5000)} PowerShell cannot handle`;
    expect(recognise(text)[0]?.topic.id).toBe('session');
    expect(recognise(text)[0]?.by.length).toBeLessThanOrEqual(120);
  });
});

describe('what is not known is said to be unknown', () => {
  it.each([
    '',
    '   ',
    'My VM is slow.',
    '0x80370103',
    '0x8037010',
    '0x803701020',
    'There are 87 machines, 5 of them off, 740 GB free',
    'Build 10.0.5010 of 2026-11-24',
    '80370102-1c2d-4e3f-8a9b-0c1d2e3f4a5b',
    'The parameter is incorrect.',
    'Virtual Machine Platform is enabled',
    'There are 32775 files',
    'commit 80370102a, c0351000ff',
  ])('%j', (text) => expect(recognise(text)).toEqual([]));

  it('nor does any text of letters that are chance become a known one', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 400, unit: fc.constantFrom('a', 'h', 'x', 'v', 'r', ' ', '\n', '|') }),
        (text) => {
          expect(recognise(text)).toEqual([]);
        },
      ),
    );
  });
});
