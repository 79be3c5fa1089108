import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mendable, recognise, topics } from '../../../src/core/topics.js';
import type { Machine } from '../../../src/core/machine.js';
import { stateOf } from '../../renderer/bridge.js';
import { vm } from '../renderer/vms.js';

const first = (text: string): string | undefined => recognise(text)[0]?.topic.id;

describe('what people paste is recognised', () => {
  it.each([
    ['WslRegisterDistribution failed with error: 0x80370102', 'nesting-off'],
    [
      'Please enable the Virtual Machine Platform Windows feature and ensure virtualization is enabled in the BIOS.',
      'nesting-off',
    ],
    ['请启用虚拟机平台 Windows 功能并确保在 BIOS 中启用虚拟化。', 'nesting-off'],
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
    ["The operation failed with error code '32775'.", 'running'],
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

  it('says that a code which stands for much else is not certain, and puts it last', () => {
    expect(recognise('0x80004005')).toMatchObject([{ sure: 'vague' }]);
    const both = recognise('The credential is invalid. (0x80004005)');
    expect(both.map(({ topic, sure }) => [topic.id, sure])).toEqual([
      ['account', 'certain'],
      ['platform', 'vague'],
    ]);
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
  ])('%j', (text) => expect(recognise(text)).toEqual([]));
});

const known: unknown = JSON.parse(
  readFileSync(new URL('../../../simulator/facts/errors.json', import.meta.url), 'utf8'),
);

describe('the facts about errors', () => {
  it('each sentence of a topic that Windows PowerShell writes is one that the facts know', () => {
    const facts = JSON.stringify(known).toLowerCase();
    const fromFacts = ['rights', 'module', 'role', 'service', 'account', 'updates', 'not-running', 'address'];
    for (const topic of topics.filter(({ id }) => fromFacts.includes(id)))
      for (const says of topic.says) if (!says.includes(',')) expect(facts, says).toContain(says.split('…')[0]);
  });
});

describe('where it can be mended', () => {
  const machineOf = (change: Partial<Machine>): Machine => {
    const { machine } = stateOf([]);
    if (!machine) throw new Error('no machine');
    return { ...machine, ...change };
  };
  const topicOf = (id: string) => {
    const found = topics.find((topic) => topic.id === id);
    if (!found) throw new Error(id);
    return found;
  };
  const off = vm('off');
  const on = vm('on', { nesting: true });
  const unread = vm('unread', { nesting: undefined });

  it('offers nesting only for machines that are known to be without it, and off only for those with it', () => {
    const machine = machineOf({ vms: [off, on, unread] });
    expect(mendable(topicOf('nesting-off'), machine)).toEqual([off]);
    expect(mendable(topicOf('platform'), machine)).toEqual([on]);
    expect(mendable(topicOf('nat'), machine)).toEqual([]);
  });

  it('does not call the cause excluded when a machine could not be read', () => {
    expect(mendable(topicOf('nesting-off'), machineOf({ vms: [on, unread] }))).toBeUndefined();
    expect(mendable(topicOf('nesting-off'), machineOf({ vms: undefined }))).toBeUndefined();
    expect(mendable(topicOf('nesting-off'), machineOf({ vms: [on] }))).toEqual([]);
  });
});
