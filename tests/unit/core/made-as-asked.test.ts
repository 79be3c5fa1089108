/** What Windows shows of a VM that was made, compared with what was asked for. */
import { vmIn } from '../../../src/core/cmdlets/ref.js';
import { expect, test } from 'vitest';
import type { CallResult, Host, HostCall } from '../../../src/core/cmdlets/call.js';
import type { NewVm } from '../../../src/core/machine/goal.js';
import { otherwiseThan } from '../../../src/core/run/made-as-asked.js';
import { otherPc } from './other-pc.js';
import { guid } from './worlds.js';

const asked: NewVm = {
  name: 'Lab',
  disk: { kind: 'empty', path: 'C:\\vms\\lab.vhdx', size: 2 ** 37 },
  processors: 2,
  memory: 4 * 2 ** 30,
  secureBoot: 'windows',
  tpm: true,
  switchName: null,
  nesting: true,
  start: false,
};
const so = {
  'Get-VM': { ProcessorCount: 2, MemoryStartup: asked.memory },
  'Get-VMNetworkAdapter': { SwitchName: '' },
  'Get-VMFirmware': { SecureBoot: 'On', SecureBootTemplate: 'MicrosoftWindows' },
  'Get-VMSecurity': { TpmEnabled: true },
  'Get-VMHardDiskDrive': { Path: 'c:\\VMs\\Lab.vhdx' },
  'Get-VMDvdDrive': undefined,
};

/** `null`: it fails. */
function hostOf(change: Readonly<Record<string, object | null>>): Pick<Host, 'call'> {
  const all: Readonly<Record<string, object | null | undefined>> = { ...so, ...change };
  const answer = ({ cmdlet }: HostCall): CallResult => {
    const row = all[cmdlet];
    if (row === null) return { failed: { kind: 'timed-out' } };
    return { rows: row ? [row] : [], errors: [] };
  };
  return { call: (calls: readonly HostCall[]) => Promise.resolve(calls.map(answer)) } as unknown as Pick<Host, 'call'>;
}
const said = (change: Readonly<Record<string, object | null>>) =>
  otherwiseThan(hostOf(change), vmIn(otherPc, guid(1)), asked);

test('nothing is said where all of it is so', async () => {
  expect(await said({})).toBeUndefined();
});

test('what is otherwise is said with what Windows shows; what is not there, as nothing', async () => {
  expect(await said({ 'Get-VMSecurity': { TpmEnabled: false }, 'Get-VMHardDiskDrive': { Path: '' } })).toEqual({
    key: 'create.otherwise',
    params: { vm: 'Lab', what: 'Get-VMSecurity TpmEnabled: false, Get-VMHardDiskDrive Path: –' },
  });
});

test('what could not be read is said to be so, also where nothing was asked for', async () => {
  expect(await said({ 'Get-VMSecurity': null, 'Get-VMNetworkAdapter': null })).toEqual({
    key: 'create.unread',
    params: { vm: 'Lab', what: 'Get-VMNetworkAdapter SwitchName, Get-VMSecurity TpmEnabled' },
  });
});
