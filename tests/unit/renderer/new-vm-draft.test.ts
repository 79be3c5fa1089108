/** A VM that is made with nothing typed is one that works; and what is typed stays. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draftOf, fill, withSource, withWrong, type Draft } from '../../../renderer/create/draft.js';
import { guessOf } from '../../../renderer/create/guess.js';
import { newVmBlockers, newVmRemarks, pathsOf } from '../../../src/core/checks/new-vm.js';
import type { FileFact, FoundFiles } from '../../../src/core/machine/files.js';
import type { Machine } from '../../../src/core/machine/machine.js';
import { DEFAULT_SWITCH } from '../../../src/core/network/uplinks.js';
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import { guid, hostOf, vmOf } from '../core/worlds.js';

const GiB = 2 ** 30;
const iso = 'C:\\Users\\mei\\Downloads\\Win11_24H2_English_x64.iso';
const base = 'D:\\VMs\\win11-base.vhdx';
const found: FoundFiles = {
  isos: [{ path: iso, size: 5 * GiB }],
  disks: [{ path: base, size: 14 * GiB, isUsed: false }],
};
const machineOf = (but: Parameters<typeof hostOf>[0] = {}, names: readonly string[] = []): Machine => ({
  at: thisPc,
  host: hostOf({ folders: { disks: 'D:\\VMs', machines: 'D:\\VMs' }, freeMemory: 16 * GiB, ...but }),
  vms: names.map((name, n) => vmOf(n + 1, { name })),
});

describe('what a file holds, by its name', () => {
  it.each([
    ['Win11_24H2_English_x64.iso', 'windows-11', 'Windows 11'],
    ['win11-base.vhdx', 'windows-11', 'Windows 11'],
    ['zh-cn_windows_11_business_editions_version_24h2_x64.iso', 'windows-11', 'Windows 11'],
    [
      '26100.1742.240906-0331.ge_release_svc_refresh_CLIENTENTERPRISEEVAL_OEMRET_x64FRE_en-us.iso',
      'windows-11',
      'Windows 11',
    ],
    ['26100.1742.240906-0331.ge_release_svc_refresh_SERVER_EVAL_x64FRE_en-us.iso', 'windows', 'Windows Server 2025'],
    ['en-us_windows_server_2022_x64_dvd_620d7eac.iso', 'windows', 'Windows Server 2022'],
    ['Win10_22H2_English_x64v1.iso', 'windows', 'Windows 10'],
    ['ubuntu-24.04.1-live-server-amd64.iso', 'linux', 'Ubuntu 24.04'],
    ['debian-12.5.0-amd64-netinst.iso', 'linux', 'Debian 12.5'],
    ['my-linux.iso', 'linux', 'Linux'],
    ['darwin-tools.iso', undefined, 'darwin tools'],
    ['blank.vhdx', undefined, 'blank'],
  ])('%s', (file, system, name) => {
    expect(guessOf(`C:\\Downloads\\${file}`)).toEqual({ system, name });
  });
});

describe('a VM to be made', () => {
  it('from the newest ISO file: Windows 11, with what its setup asks for', () => {
    const { vm, why } = fill({}, machineOf(), found);
    expect(vm).toMatchObject({
      name: 'Windows 11',
      iso,
      disk: { kind: 'empty', path: 'D:\\VMs\\Windows 11.vhdx', size: 127 * GiB },
      memory: 8 * GiB,
      secureBoot: 'windows',
      tpm: true,
      nesting: true,
      start: true,
    });
    expect(why.system.key).toBe('create.forWindows11Guessed');
  });

  it('takes no name that a VM has, and no file that a disk has', () => {
    const disks = [{ path: 'd:\\vms\\windows 11 2.VHDX', size: 1 }];
    const { vm } = fill({}, machineOf({}, ['windows 11', 'dev']), { ...found, disks });
    expect(vm).toMatchObject({ name: 'Windows 11 2', disk: { path: 'D:\\VMs\\Windows 11 2 2.vhdx' } });
  });

  it('fits what this PC has', () => {
    const little = {
      freeMemory: 6 * GiB,
      computer: { manufacturer: '', model: '', hypervisorPresent: true, memory: 6 * GiB },
    };
    const processor = { ...hostOf().processor, logicalProcessors: 2 } as NonNullable<
      ReturnType<typeof hostOf>['processor']
    >;
    const { vm } = fill({}, machineOf({ ...little, processor }), found);
    expect(vm).toMatchObject({ memory: 3 * GiB, processors: 2 });
    expect(fill({}, machineOf({ processor: undefined, freeMemory: undefined }), found).vm).toMatchObject({
      memory: 4 * GiB,
      processors: 2,
    });
  });

  it('is connected to Default Switch, to no switch of which there are two, and to none where there is none', () => {
    const one = (n: number, name: string, type: 'External' | 'Internal') => ({
      id: guid(n),
      name,
      type,
      adapterDescription: undefined,
    });
    const standard = { ...one(1, 'Standardswitch', 'Internal'), id: DEFAULT_SWITCH };
    const name = (...switches: (typeof standard)[]) => fill({}, machineOf({ switches }), found).switchName;
    expect(name(one(2, 'LAN', 'External'), standard)).toBe('Standardswitch');
    expect(name(one(3, 'twice', 'External'), one(4, 'twice', 'External'), one(5, 'nat', 'Internal'))).toBe('nat');
    expect(name()).toBeNull();
  });

  it('is not whole without a file, a name, or an amount', () => {
    const none = { isos: [], disks: [] };
    expect(fill({}, machineOf(), none).vm).toBeNull();
    expect(fill({}, machineOf(), undefined).vm).toBeNull();
    expect(fill({ source: 'empty' }, machineOf(), none).vm).toMatchObject({ start: false, name: 'Windows 11' });
    expect(fill({ name: ' ' }, machineOf(), found).vm).toBeNull();
    const wrong = withWrong({}, 'memory', true);
    expect(fill(wrong, machineOf(), found).vm).toBeNull();
    expect(fill(withWrong(wrong, 'memory', false), machineOf(), found).vm).not.toBeNull();
  });

  it('keeps what was chosen, and drops the file with its source', () => {
    const draft: Draft = { file: iso, memory: 2 * GiB, name: 'mine' };
    expect(fill(withSource(draft, 'disk'), machineOf(), found).vm).toMatchObject({
      name: 'mine',
      memory: 2 * GiB,
      disk: { kind: 'differencing', from: base },
    });
  });

  it('is the same again when its plan is opened', () => {
    const drafts: readonly Draft[] = [
      {},
      { source: 'disk', copies: true },
      { source: 'empty', system: 'linux' },
      { start: false },
    ];
    for (const draft of drafts) {
      const { vm } = fill(draft, machineOf(), found);
      if (!vm) throw new Error('not whole');
      expect(fill(draftOf(vm), machineOf({}, ['Windows 11']), undefined).vm).toEqual(vm);
    }
  });

  it('with nothing typed meets no obstacle on a PC that has room', () => {
    const name = fc.constantFrom('Windows 11', 'VM', 'Linux', 'CON', 'a:b', 'x'.repeat(100), '构建机', '..');
    fc.assert(
      fc.property(
        fc.record({
          source: fc.constantFrom('iso' as const, 'disk' as const, 'empty' as const),
          file: fc.constantFrom('ubuntu-24.04.iso', 'Win11.iso', '….iso', 'a.b.iso'),
          taken: fc.uniqueArray(name, { maxLength: 8 }),
          memory: fc.integer({ min: 4 * 1024, max: 1024 * 1024 }),
          free: fc.option(fc.integer({ min: 0, max: 512 * GiB }), { nil: undefined }),
          logical: fc.option(fc.integer({ min: 1, max: 256 }), { nil: undefined }),
        }),
        ({ source, file, taken, memory, free, logical }) => {
          const host = hostOf();
          const machine = machineOf(
            {
              freeMemory: free,
              computer: { manufacturer: '', model: '', hypervisorPresent: true, memory: memory * 2 ** 20 },
              processor: host.processor && { ...host.processor, logicalProcessors: logical },
            },
            taken,
          );
          const files = { isos: [{ path: `C:\\Downloads\\${file}`, size: 1 }], disks: found.disks };
          const { vm } = fill({ source }, machine, files);
          if (!vm) return false;
          const facts = new Map<string, FileFact>(
            pathsOf(vm).map((path) => [
              path,
              path === 'D:\\VMs'
                ? { kind: 'folder', mayWrite: true, free: 500 * GiB }
                : path === vm.disk.path
                  ? { kind: 'none' }
                  : { kind: 'file', size: 1, holds: path.endsWith('.iso') ? 'iso' : 'vhdx' },
            ]),
          );
          expect(newVmBlockers(machine, vm, facts)).toEqual([]);
          expect(newVmRemarks(machine, vm).every(({ verdict }) => verdict !== 'blocker')).toBe(true);
          return true;
        },
      ),
    );
  });
});
